import { render } from 'lit-html'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Moment, Trust } from '../../src/api/archive.ts'
import { session } from '../../src/api/session.ts'
import { instantOf, neighbour, POSITIONS, positionOf } from '../../src/app/archive/steps.ts'
import { momentText } from '../../src/app/archive/strip.ts'
import { isAlarm, verdictOf, verdictText } from '../../src/app/archive/trust.ts'
import { isStale } from '../../src/lib/freshness.ts'
import { holdTime, nowShown, timeStands } from '../../src/lib/moment.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { fleetUnknown, stateThen } from '../../src/pages/basis.ts'
import { basisMark } from '../../src/ui/basis.ts'
import { time } from '../../src/ui/text.ts'

vi.mock('../../src/api/session.ts', { spy: true })
setPreferences({ language: 'en', zone: 'utc' })
afterEach(() => holdTime(undefined))

const TRUST: Trust = {
  phase: 'checked',
  done: 0,
  total: 0,
  changed: [],
  firstRow: '',
  signed: false,
  signature: '',
  signer: '',
  fingerprint: '',
  claimed: '',
  impostor: false,
  chained: false,
  chainBroken: '',
}

describe('the verdict on an archive', () => {
  it.each([
    ['unsigned', {}, 'Intact, not signed', false],
    ['checking', { phase: 'checking', done: 1, total: 4 }, 'Checking… 25%', false],
    ['changed', { changed: ['run', 'log'], firstRow: '7' }, 'Changed after export: runs, logs, from row 7', true],
    ['changed', { changed: ['log_text_idx', 'log_text_data', 'x'] }, 'Changed after export: index of logs, x', true],
    [
      'changed',
      { changed: ['run'], signed: true, signature: 'good', signer: 'kim' },
      'Changed after export: runs',
      true,
    ],
    ['forged', { signed: true, signature: 'bad', signer: 'kim' }, 'Signature does not fit', true],
    [
      'broken',
      { chained: true, chainBroken: '9', signed: true, signature: 'good', signer: 'kim' },
      'Audit chain broken at row 9',
      true,
    ],
    ['signed', { signed: true, signature: 'good', signer: 'kim' }, 'Intact, signed by kim', false],
    [
      'stranger',
      { signed: true, signature: 'good', fingerprint: 'ab12' },
      'Intact, signed by an unknown key ab12',
      false,
    ],
    [
      'impostor',
      { signed: true, signature: 'good', claimed: 'kim', impostor: true },
      'Signed as kim, but not with the key that you know of them',
      true,
    ],
    ['unreadable', { phase: 'failed', signed: true, signature: 'good' }, 'The file can’t be read to its end', true],
  ] as const)('is %s for %j', (verdict, found, text, alarm) => {
    const trust = { ...TRUST, ...found } as Trust
    expect(verdictOf(trust)).toBe(verdict)
    expect(verdictText(trust)).toBe(text)
    expect(isAlarm(verdictOf(trust))).toBe(alarm)
  })

  it('shows what a stranger called himself as text', () => {
    expect(verdictText({ ...TRUST, signed: true, signature: 'good', signer: 'kim\u202e' })).toContain('RLO')
  })
})

describe('the slider', () => {
  const span = { from: Date.parse('2026-11-23T00:00:00Z'), to: Date.parse('2026-11-24T00:00:00Z') }

  it('reaches both ends, and comes back to where it was', () => {
    expect(instantOf(0, span)).toBe(span.from)
    expect(instantOf(POSITIONS, span)).toBe(span.to)
    for (const position of [0, 1, 999, POSITIONS - 1, POSITIONS])
      expect(positionOf(instantOf(position, span), span)).toBe(position)
    expect(positionOf(span.from - 1, span)).toBe(0)
    expect(positionOf(0, { from: 5, to: 5 })).toBe(POSITIONS)
  })

  it('steps to the event before and after', () => {
    const moments = ['01', '02', '03'].map(
      (hour): Moment => ({ at: `2026-11-23T${hour}:00:00Z`, kind: 'term', n: 1, name: hour }),
    )
    const at = Date.parse('2026-11-23T02:00:00Z')
    expect(neighbour(moments, at, 'after')?.name).toBe('03')
    expect(neighbour(moments, at, 'before')?.name).toBe('01')
    expect(neighbour(moments, span.to, 'after')).toBeUndefined()
    expect(neighbour(moments, span.from, 'before')).toBeUndefined()
  })

  it('says what happened', () => {
    expect(momentText({ at: '', kind: 'failure', n: 1, name: 'billing' })).toBe('A run of billing failed')
    expect(momentText({ at: '', kind: 'failure', n: 3, name: 'billing' })).toBe(
      '3 runs failed close together, the first of billing',
    )
    expect(momentText({ at: '', kind: 'term', n: 1, name: 'w-1' })).toBe('A term began: w-1 leads')
  })
})

describe('time that stands', () => {
  it('is the present of every screen, and nothing grows old in it', () => {
    const fresh = { arrived: 0, every: 1 }
    expect(isStale(fresh, 1000)).toBe(true)
    holdTime(new Date('2026-11-23T12:00:00Z'))
    expect(timeStands()).toBe(true)
    expect(nowShown().toISOString()).toBe('2026-11-23T12:00:00.000Z')
    expect(isStale(fresh, 1000)).toBe(false)
    holdTime(undefined)
    expect(Math.abs(nowShown().getTime() - Date.now())).toBeLessThan(60_000)
  })
})

describe('an age in an archive', () => {
  it('is none at the moment that is looked at', () => {
    const host = document.createElement('div')
    const shown = (wire: string, now: string) => {
      render(time(wire, { age: new Date(now) }), host)
      return host.querySelector('.ops-age')?.textContent
    }
    expect(shown('2026-11-23T12:00:00Z', '2026-11-23T12:00:00.2Z')).toBe('now')
    holdTime(new Date('2026-11-23T12:00:00Z'))
    expect(shown('2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z')).toBe('at this moment')
    expect(shown('2026-11-23T11:59:58Z', '2026-11-23T12:00:00Z')).toBe('2 sec. ago')
  })
})

describe('the state of a run at a moment', () => {
  const host = document.createElement('div')
  const shown = (archive: unknown, state: string, attempt: number) => {
    vi.mocked(session).mockReturnValue({ environment: { archive } } as never)
    render(stateThen({ state, attempt }), host)
    return host.querySelector('.ops-basis')?.textContent?.trim()
  }
  const then = { moment: '2026-11-23T12:00:00Z', to: '2026-11-23T13:00:00Z' }

  it('is inferred where orphaning may have erased what was under way', () => {
    expect(shown(then, 'PENDING', 1)).toBe('inferred')
    expect(shown(then, 'ASSIGNED', 2)).toBe('inferred')
    expect(shown(then, 'PENDING', 0)).toBeUndefined()
    expect(shown(then, 'RUNNING', 1)).toBeUndefined()
    expect(shown({ ...then, moment: then.to }, 'PENDING', 1)).toBeUndefined()
    expect(shown(undefined, 'PENDING', 1)).toBeUndefined()
  })
})

describe('workers that nobody looked at', () => {
  const said = (kind: string, found = 0) => {
    vi.mocked(session).mockReturnValue({ environment: { archive: { fleet: { kind } } } } as never)
    return fleetUnknown(found)?.title
  }

  it('are unknown, and not taken for dead', () => {
    expect(said('unknown')).toBe('Not known')
    expect(said('inferred')).toBe('Not known')
    expect(said('inferred', 2)).toBeUndefined()
    expect(said('sampled')).toBeUndefined()
    vi.mocked(session).mockReturnValue({ environment: {} } as never)
    expect(fleetUnknown(0)).toBeUndefined()
  })
})

describe('the mark of how something is known', () => {
  it('says it in a word, and when somebody looked', () => {
    const host = document.createElement('div')
    render(basisMark('Workers', { kind: 'sampled', looked: '2026-11-23T12:00:05Z' }), host)
    expect(host.textContent).toContain('Workerssampled12:00:05')
    render(basisMark('', { kind: 'unknown', looked: '' }), host)
    expect(host.textContent?.trim()).toBe('unknown')
  })
})
