import { describe, expect, it } from 'vitest'
import {
  filterFromQuery,
  filterToQuery,
  isFiltered,
  NO_FILTER,
  placeFromQuery,
  type RunFilter,
  rangeAt,
  runsLink,
} from '../../src/pages/runs/filter.ts'

const STATES = ['PENDING', 'RUNNING', 'FAILED', 'TIMED_OUT']
const TEXTS = ['', 'a b', '100%', 'x&state=FAILED', '日本語', '<img onerror>', '\u202etxt', 'a+b', '#/ops/', '=?']

describe('the filter in the address', () => {
  it('survives the way there and back, whatever is in it', () => {
    for (let i = 0; i < 4000; i++) {
      const pick = <T>(from: readonly T[], step: number): T => from[Math.floor(i / step) % from.length] as T
      const custom = i % 3 === 0
      const filter: RunFilter = {
        states: STATES.filter((_, s) => (i >> s) & 1),
        jobId: pick(['', '7', '9223372036854775807'], 2),
        workerId: pick(TEXTS, 3),
        epoch: pick(['', '41'], 5),
        range: custom ? 'custom' : pick(['', '1h', '7d'] as const, 7),
        from: custom ? '2026-11-22T10:00:00.000Z' : '',
        before: custom && i % 2 ? '2026-11-23T00:00:00.000Z' : '',
        minMs: pick([0, 1500, 0.5], 4),
        maxMs: pick([0, 90_000], 6),
        minAttempt: pick([0, 2], 8),
        laterMs: pick([0, 60_000], 10),
        errorText: pick(TEXTS, 11),
        logText: pick(TEXTS, 13),
      }
      const place = { cursor: pick(['', 'older.1700000000000000.5'], 9), at: '' }
      const query = new URLSearchParams(filterToQuery(filter, place).toString())
      expect(filterFromQuery(query)).toEqual(filter)
      expect(placeFromQuery(query)).toEqual(place)
    }
  })

  it('leaves out what matches everything', () => {
    expect(filterToQuery(NO_FILTER).toString()).toBe('')
    expect(isFiltered(NO_FILTER)).toBe(false)
    expect(runsLink()).toBe('#/ops/runs/')
    expect(runsLink({ states: ['FAILED'], range: '24h' })).toBe('#/ops/runs/?state=FAILED&range=24h')
  })

  it('opens with what can be read of a damaged address', () => {
    const query = new URLSearchParams(
      'job=1;drop&epoch=-4&range=year&from=never&min=-5&max=x&attempt=1.7&at=soon&state=,',
    )
    expect(filterFromQuery(query)).toEqual({ ...NO_FILTER, minAttempt: 1 })
    expect(placeFromQuery(query)).toEqual({ cursor: '', at: '' })
  })

  it('moves a preset with the clock and leaves chosen instants alone', () => {
    const now = new Date('2026-11-23T12:00:00Z')
    expect(rangeAt({ ...NO_FILTER, range: '6h' }, now)).toEqual({
      createdFrom: '2026-11-23T06:00:00.000Z',
      createdBefore: '',
    })
    const custom = { ...NO_FILTER, range: 'custom', from: 'a', before: 'b' } as const
    expect(rangeAt(custom, now)).toEqual({ createdFrom: 'a', createdBefore: 'b' })
    expect(rangeAt(NO_FILTER, now)).toEqual({ createdFrom: '', createdBefore: '' })
  })
})
