import { describe, expect, it } from 'vitest'
import { fromQuery, incidentIn, wanted } from '../../src/pages/timeline.ts'
import { type Bar, barAt, firstFrom, layOut, PAD, ROW } from '../../src/ui/timeline/model.ts'
import { inside, pan, ticks, width, zoom } from '../../src/ui/timeline/span.ts'

const limits = { min: 100, max: 10_000, earliest: -20_000, latest: 20_000 }

describe('looking at a stretch of time', () => {
  it('zooms around the pointer', () => {
    const near = zoom({ from: 0, to: 1000 }, 0.5, 0.25, limits)
    expect(near).toEqual({ from: 125, to: 625 })
    expect(near.from + width(near) * 0.25).toBe(250)
    expect(zoom(near, 2, 0.25, limits)).toEqual({ from: 0, to: 1000 })
  })

  it('is an incident of whole minutes that have come', () => {
    const minute = 60_000
    const now = 100 * minute + 1
    expect(incidentIn({ from: 10 * minute + 5, to: 20 * minute + 5 }, now)).toEqual({
      from: 10 * minute,
      to: 21 * minute,
    })
    expect(incidentIn({ from: 90 * minute, to: 120 * minute }, now)).toEqual({ from: 90 * minute, to: 101 * minute })
    expect(incidentIn({ from: 10 * minute + 5, to: 10 * minute + 900 }, now)).toEqual({
      from: 10 * minute,
      to: 11 * minute,
    })
    expect(incidentIn({ from: 110 * minute, to: 120 * minute }, now)).toEqual({ from: 110 * minute, to: 111 * minute })
  })

  it('is never narrower, wider or farther than it may be', () => {
    for (let i = 0; i < 2000; i++) {
      let span = { from: 0, to: 1000 }
      for (let k = 0; k < 6; k++) {
        const [factor = 1, share = 0] = [0.01, 0.5, 3, 40].map((f) => f * (1 + ((i * 7 + k) % 5)))
        span = k % 2 ? zoom(span, factor, (i % 11) / 10, limits) : pan(span, share - (i % 9), limits)
        expect(width(span)).toBeGreaterThanOrEqual(99.9)
        expect(width(span)).toBeLessThanOrEqual(10_000.1)
        expect(span.from).toBeGreaterThanOrEqual(limits.earliest - 0.1)
        expect(span.to).toBeLessThanOrEqual(limits.latest + 0.1)
      }
    }
    expect(inside({ from: -50_000, to: -49_000 }, limits)).toEqual({ from: -20_000, to: -19_000 })
  })

  it('has ticks on the clock’s own steps', () => {
    const hour = 3_600_000
    const { step, at } = ticks({ from: 10 * hour + 1, to: 22 * hour }, 6, 0)
    expect(step).toBe(2 * hour)
    expect(at).toEqual([12, 14, 16, 18, 20, 22].map((h) => h * hour))
    // Six hours by a clock of Kolkata: its midnight isn't UTC's.
    expect(ticks({ from: 0, to: 24 * hour }, 4, 5.5 * hour).at.map((t) => ((t + 5.5 * hour) / hour) % 6)).toEqual([
      0, 0, 0, 0,
    ])
    expect(ticks({ from: 0, to: 100 * 24 * hour }, 5, 0).step).toBe(20 * 24 * hour)
  })
})

describe('what is asked for', () => {
  const minute = 60_000
  it('is more than what is seen, in whole minutes, and never too much', () => {
    expect(wanted({ from: 10 * minute + 5, to: 20 * minute })).toEqual({ from: 5 * minute, to: 25 * minute })
    const week = 7 * 24 * 60 * minute
    const whole = wanted({ from: 0, to: week })
    expect(whole.to - whole.from).toBeLessThanOrEqual(week)
  })

  it.each(['', 'from=x&to=y', 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'span=-5', 'span=1e99', 'span=abc'])(
    'is the usual where the address says %j',
    (query) => {
      const far = { min: 1000, max: 1e9, earliest: 0, latest: 1e13 }
      expect(fromQuery(new URLSearchParams(query), far)).toBeUndefined()
    },
  )
})

describe('lanes', () => {
  const bar = (id: string, from: number, to: number): Bar => ({ id, from, to, kind: 0, label: () => id })

  it('put what overlaps below each other', () => {
    const bars = [bar('a', 0, 10), bar('b', 5, 15), bar('c', 10, 20), bar('d', 12, -1), bar('e', 100, 110)]
    const { lanes, height } = layOut([
      { name: 'w', bars },
      { name: 'idle', bars: [] },
    ])
    expect(lanes[0]?.rows.map((row) => row.map((b) => b.id))).toEqual([['a', 'c', 'e'], ['b'], ['d']])
    expect(lanes[1]?.top).toBe(3 * ROW + 2 * PAD)
    expect(height).toBe(4 * ROW + 4 * PAD)
  })

  it('have a bound: the last row takes what fits nowhere', () => {
    const many = Array.from({ length: 50 }, (_, i) => bar(String(i), i, 1000))
    const [lane] = layOut([{ name: 'w', bars: many }]).lanes
    expect(lane?.rows).toHaveLength(4)
    expect(lane?.rows.flat()).toHaveLength(50)
  })

  it('find the bar under the pointer, or the nearest', () => {
    const row = [bar('a', 0, 10), bar('b', 100, 110), bar('c', 200, -1)]
    const layout = layOut([{ name: 'w', bars: row }])
    const at = (time: number, slack = 5) => barAt(layout, PAD + 2, time, slack, 500)?.id
    expect([at(5), at(14), at(50), at(97), at(108), at(350), at(600)]).toEqual([
      'a',
      'a',
      undefined,
      'b',
      'b',
      'c',
      undefined,
    ])
    expect(barAt(layout, 500, 5, 5, 500)).toBeUndefined()
    expect(firstFrom(row, 100)).toBe(1)
    expect(firstFrom(row, 201)).toBe(3)
  })
})
