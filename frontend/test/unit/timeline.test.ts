import { describe, expect, it } from 'vitest'
import { MOMENTS, type RunTimes, timeline } from '../../src/pages/run/timeline.ts'

describe('timeline', () => {
  it('lays an ordinary run out in proportion', () => {
    const { stretches, marks, disordered } = timeline({ scheduled: 0, assigned: 100, started: 400, finished: 1000 })
    expect(stretches.map((s) => [s.phase, s.millis, Number(s.width.toFixed(3))])).toEqual([
      ['unassigned', 100, 0.1],
      ['unstarted', 300, 0.3],
      ['running', 600, 0.6],
    ])
    expect(marks.map((m) => Number(m.place.toFixed(3)))).toEqual([0, 0.1, 0.4, 1])
    expect(marks[3]?.after).toEqual({ moment: 'started', millis: 600 })
    expect(disordered).toBe(false)
  })

  it('shows a run that was assigned before it was due, which is no disorder', () => {
    const { stretches, marks, disordered } = timeline({ scheduled: 60, assigned: 0, started: 80, finished: 100 })
    expect(stretches.map((s) => s.phase)).toEqual(['early', 'unstarted', 'running'])
    expect(marks[1]).toMatchObject({ moment: 'assigned', place: 0, after: { moment: 'scheduled', millis: -60 } })
    expect(disordered).toBe(false)
  })

  it('lets a running run reach until now, and a waiting one look ahead', () => {
    expect(timeline({ scheduled: 0, assigned: 10, started: 20, now: 100 }).stretches.at(-1)).toMatchObject({
      phase: 'running',
      millis: 80,
    })
    expect(timeline({ scheduled: 100, now: 0 }).stretches).toMatchObject([{ phase: 'ahead', millis: 100 }])
  })

  it('says when clocks contradict each other', () => {
    expect(timeline({ scheduled: 0, started: 50, finished: 40 }).disordered).toBe(true)
    expect(timeline({ scheduled: 0, assigned: 30, started: 20 }).disordered).toBe(true)
  })

  it('needs no times at all, and no length', () => {
    expect(timeline({})).toEqual({ marks: [], stretches: [], disordered: false })
    expect(timeline({ started: 5, finished: 5 }).stretches).toEqual([])
    expect(timeline({ scheduled: Number.NaN }).marks).toEqual([])
  })

  it('keeps every mark and stretch on the bar, whatever the times', () => {
    for (let seed = 1; seed < 2000; seed++) {
      const random = generator(seed)
      const times: RunTimes = {}
      for (const moment of [...MOMENTS, 'now'] as const) {
        if (random() < 0.7) times[moment] = Math.floor(random() ** 4 * 10 ** Math.ceil(random() * 12))
      }
      const { marks, stretches } = timeline(times)
      for (const m of marks) {
        expect(m.place).toBeGreaterThanOrEqual(0)
        expect(m.place).toBeLessThanOrEqual(1 + 1e-9)
      }
      let end = 0
      for (const s of stretches) {
        expect(s.start).toBeCloseTo(end, 9)
        expect(s.width).toBeGreaterThan(0)
        end = s.start + s.width
      }
      if (stretches.length > 0) expect(end).toBeCloseTo(1, 9)
    }
  })
})

/** Numbers between 0 and 1 that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
