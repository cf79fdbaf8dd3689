import { describe, expect, it } from 'vitest'
import { anchored } from '../../src/lib/anchor.ts'

const MOMENT = new Date('2026-11-27T05:00:00Z')

describe('a screen at the moment of a link', () => {
  it.each([
    ['/ops/runs/', '/ops/runs/?at=2026-11-27T05:00:00.000Z', true],
    [
      '/ops/runs/?range=6h&state=FAILED',
      '/ops/runs/?state=FAILED&from=2026-11-26T23:00:00.000Z&before=2026-11-27T05:00:00.000Z',
      true,
    ],
    ['/ops/runs/?from=2026-11-01T00:00:00Z', '/ops/runs/?from=2026-11-01T00:00:00Z', true],
    ['/ops/runs/?cursor=x', '/ops/runs/?cursor=x', true],
    ['/ops/runs/7/', '/ops/runs/7/', true],
    ['/ops/expected/', '/ops/expected/?from=2026-11-26T05:00:00.000Z&before=2026-11-27T05:00:00.000Z', true],
    [
      '/ops/audit/?range=7d&actor=kim',
      '/ops/audit/?actor=kim&from=2026-11-20T05:00:00.000Z&before=2026-11-27T05:00:00.000Z',
      true,
    ],
    ['/ops/events/?range=forever', '/ops/events/?range=forever', true],
    ['/ops/timeline/', '/ops/timeline/?from=2026-11-27T03:24:00.000Z&to=2026-11-27T05:24:00.000Z', true],
    ['/ops/timeline/?span=600000', '/ops/timeline/?from=2026-11-27T04:52:00.000Z&to=2026-11-27T05:02:00.000Z', true],
    ['/ops/timeline/?from=a&to=b', '/ops/timeline/?from=a&to=b', true],
    ['/ops/', '/ops/', false],
    ['/ops/workers/w-1/', '/ops/workers/w-1/', false],
    ['/ops/failures/?window=7d', '/ops/failures/?window=7d', false],
  ])('%s is %s', (route, there, dated) => {
    const found = anchored(route, MOMENT)
    expect({ ...found, route: decodeURIComponent(found.route) }).toEqual({ route: there, dated })
  })
})
