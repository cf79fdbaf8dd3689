import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Moment } from '../../src/api/archive.ts'
import { createPlayer, type Player } from '../../src/app/archive/player.ts'
import { play } from '../../src/app/archive/steps.ts'
import { createStrip } from '../../src/app/archive/strip.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-23T12:00:00Z')
const END = START + 60 * MINUTE
const moment = (minutes: number): Moment => ({
  at: new Date(START + minutes * MINUTE).toISOString(),
  kind: 'failure',
  n: 1,
  name: 'billing',
})

const bridge = vi.hoisted(() => ({ moment: '', moments: [] as unknown[], asked: [] as string[] }))
vi.mock('../../src/api/session.ts', () => ({
  session: () => ({
    open: [{ key: 'k', shown: true }],
    environment: {
      archive: {
        from: '2026-11-23T12:00:00Z',
        to: '2026-11-23T13:00:00Z',
        moment: bridge.moment,
        fleet: { kind: 'sampled', looked: bridge.moment },
        jobs: { kind: 'inferred', looked: '' },
        terms: { kind: 'unknown', looked: '' },
        trust: { phase: 'checked', changed: [], signed: false },
      },
    },
  }),
  readMoments: async () => bridge.moments,
  setMoment: async (at: string) => {
    bridge.asked.push(at)
    bridge.moment = at
  },
}))

let life = new AbortController()
let calm = false
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('matchMedia', () => ({ matches: calm }))
  calm = false
  setPreferences({ language: 'en', zone: 'utc' })
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

describe('a step of playing', () => {
  it('ends at the first thing that happened, at the end, or after its length', () => {
    const moments = [moment(5), moment(7), moment(30)]
    const minutes = (at: number, step: number, of = moments) => {
      const { at: then, happened } = play(START + at * MINUTE, step * MINUTE, END, of)
      return [(then - START) / MINUTE, happened?.at === undefined ? '' : 'happened']
    }
    expect(minutes(0, 10)).toEqual([5, 'happened'])
    expect(minutes(5, 10)).toEqual([7, 'happened'])
    expect(minutes(7, 10)).toEqual([17, ''])
    expect(minutes(20, 10)).toEqual([30, 'happened'])
    expect(minutes(0, 10, [])).toEqual([10, ''])
    expect(minutes(55, 10)).toEqual([60, ''])
  })
})

describe('the player', () => {
  let at = START
  let stepTakes = 0
  const player = (moments: Moment[] = []): Player =>
    createPlayer(life.signal, {
      at: () => at,
      end: () => END,
      moments: () => moments,
      changed: () => undefined,
      go: async (to) => {
        await new Promise((done) => setTimeout(done, stepTakes))
        at = to
      },
    })
  const minutes = () => (at - START) / MINUTE
  beforeEach(() => {
    at = START
    stepTakes = 0
  })

  it('goes on a step a second until it is stopped', async () => {
    const p = player()
    p.toggle()
    await vi.advanceTimersByTimeAsync(2500)
    expect([p.playing, minutes()]).toEqual([true, 30])
    p.toggle()
    await vi.advanceTimersByTimeAsync(5000)
    expect([p.playing, minutes()]).toEqual([false, 30])
  })

  it('waits for screens that take longer than a second, and never has two steps under way', async () => {
    stepTakes = 3000
    const p = player()
    p.toggle()
    await vi.advanceTimersByTimeAsync(3500)
    expect(minutes()).toBe(10)
    p.toggle()
    p.toggle() // the step that was under way is over before it counts
    await vi.advanceTimersByTimeAsync(3100)
    expect([p.playing, minutes()]).toEqual([true, 20])
  })

  it('stops where something happened, unless it is told not to, and at the end', async () => {
    const p = player([moment(15)])
    p.toggle()
    await vi.advanceTimersByTimeAsync(5000)
    expect([p.playing, minutes()]).toEqual([false, 15])
    at = START
    p.stops = false
    p.pace = '1h'
    p.toggle()
    await vi.advanceTimersByTimeAsync(5000)
    expect([p.playing, minutes()]).toEqual([false, 60])
    p.toggle()
    expect(p.playing).toBe(false)
  })

  it('takes one step for whoever wants no motion', async () => {
    calm = true
    const p = player()
    p.toggle()
    await vi.advanceTimersByTimeAsync(5000)
    expect([p.playing, minutes()]).toEqual([false, 10])
  })
})

describe('the strip', () => {
  const strip = async () => {
    bridge.moment = '2026-11-23T12:00:00.000Z'
    bridge.moments = [{ ...moment(30), at: '2026-11-23T12:30:00.000456Z' }]
    bridge.asked = []
    const made = createStrip(life.signal)
    document.body.append(made.element)
    made.draw()
    await vi.advanceTimersByTimeAsync(1)
    return made.element
  }
  const press = (key: string, on: Element = document.body) =>
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

  it('plays by space, steps by brackets and the slider’s arrows, and always tells how the moment is known', async () => {
    const element = await strip()
    press(' ')
    await vi.advanceTimersByTimeAsync(1500)
    expect(bridge.asked).toEqual(['2026-11-23T12:10:00.000Z', '2026-11-23T12:20:00.000Z'])
    expect(element.querySelector('[aria-label=Pause]')).not.toBeNull()
    press(' ')
    await vi.advanceTimersByTimeAsync(3000)
    expect(bridge.asked).toHaveLength(2)
    press(']')
    await vi.advanceTimersByTimeAsync(1)
    expect(bridge.asked[2]).toBe('2026-11-23T12:30:00.000456Z')
    expect(element.textContent).toContain('A run of billing failed')
    press('ArrowLeft', element.querySelector('[type=range]') ?? document.body)
    await vi.advanceTimersByTimeAsync(200)
    expect(bridge.asked[3]).toBe('2026-11-23T12:20:00.000Z')
    for (const word of ['sampled', 'inferred', 'unknown']) expect(element.textContent).toContain(word)
  })

  it('leaves space to what is typed in and pressed', async () => {
    const element = await strip()
    const field = document.createElement('input')
    document.body.append(field)
    press(' ', field)
    press(' ', element.querySelector('button') ?? field)
    await vi.advanceTimersByTimeAsync(1500)
    expect(bridge.asked).toEqual([])
  })
})
