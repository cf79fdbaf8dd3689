import { afterEach, describe, expect, it } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { countWords } from '../../src/pages/runs/count.ts'
import { NO_FILTER } from '../../src/pages/runs/filter.ts'
import { durationOf, gist, isFinal, STATES, startDelay } from '../../src/pages/runs/measures.ts'
import { fieldOf, pageRequest } from '../../src/pages/runs/request.ts'
import { refreshRows, rowsOf } from '../../src/pages/runs/rows.ts'
import { aRun, NOW } from '../dom/fixtures.ts'

const now = new Date(NOW)

afterEach(() => setPreferences({ language: 'en' }))

describe('how many runs there are', () => {
  it.each([
    [{ n: 0 }, '0 runs', '0 件'],
    [{ n: 1 }, '1 run', '1 件'],
    [{ n: 9876 }, '9,876 runs', '9,876 件'],
    [{ n: 10_000, capped: true, guess: 1_234_567 }, '10,000+ runs (about 1.2 million)', '10,000 件以上（約 120万 件）'],
    [{ n: 10_000, capped: true, guess: 10_000 }, '10,000+ runs (about 10 thousand)', '10,000 件以上（約 1万 件）'],
    [{ n: 0, unknown: true }, 'many runs', '多数'],
  ])('%j', (count, en, ja) => {
    const whole = { capped: false, guess: 0, unknown: false, ...count }
    setPreferences({ language: 'en' })
    expect(countWords(whole)).toBe(en)
    setPreferences({ language: 'ja' })
    expect(countWords(whole)).toBe(ja)
  })
})

describe('what is measured of a run', () => {
  it('starts late, early, or not at all', () => {
    expect(startDelay(aRun())).toBe(2000)
    expect(startDelay(aRun({ startedAt: '2026-11-23T10:59:30Z' }))).toBe(-30_000)
    expect(startDelay(aRun({ startedAt: '' }))).toBeUndefined()
    expect(startDelay(aRun({ scheduledFor: '' }))).toBeUndefined()
  })

  it('took its time, or takes it still', () => {
    expect(durationOf(aRun(), now)).toBe(10_000)
    expect(durationOf(aRun({ state: 'RUNNING', finishedAt: '' }), now)).toBe(3_598_000)
    expect(durationOf(aRun({ state: 'ORPHANED', finishedAt: '' }), now)).toBeUndefined()
    expect(durationOf(aRun({ startedAt: '' }), now)).toBeUndefined()
  })

  it('is over in the five final states', () => {
    expect(STATES.filter(isFinal)).toEqual(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELED', 'SKIPPED'])
    expect(isFinal('constructor')).toBe(false)
  })

  it.each([
    ['one line', 'one line'],
    ['\n\n  first\nsecond', 'first'],
    ['Traceback (most recent call last):\n  File "x"\nValueError: no\n\n', 'ValueError: no'],
    ['', ''],
    ['exit_code=3', 'exit_code=3'],
    ['exit_code=3\nno space left on device\nbye', 'no space left on device'],
    ['exit_code=1\nTraceback (most recent call last):\n  x\nKeyError: 2\n', 'KeyError: 2'],
    ['x'.repeat(1_000_000), 'x'.repeat(4000)],
    [`Traceback\n${'y\n'.repeat(500_000)}KeyError: 1`, 'KeyError: 1'],
  ])('has one line that says most %#', (error, line) => expect(gist(error)).toBe(line))
})

describe('rows of a page', () => {
  const run = aRun()

  it('stay the same objects while their runs are over', () => {
    const rows = rowsOf([run, aRun({ id: '8', state: 'RUNNING' })], now, [])
    const again = rowsOf([aRun(), aRun({ id: '8', state: 'RUNNING' })], new Date(now.getTime() + 6000), rows)
    expect(again[0]).toBe(rows[0])
    expect(again[1]).not.toBe(rows[1])
  })

  it('are drawn anew when a run changed', () => {
    const rows = rowsOf([run], now, [])
    expect(rowsOf([aRun({ version: 5 })], now, rows)[0]).not.toBe(rows[0])
    expect(rowsOf([aRun({ state: 'CANCELED' })], now, rows)[0]).not.toBe(rows[0])
  })

  it('neither come nor go on a page away from the newest runs, but say when they no longer match', () => {
    const rows = rowsOf([aRun({ id: '8', state: 'RUNNING' }), aRun({ id: '6' })], now, [])
    const patched = refreshRows(rows, [aRun({ id: '9' }), aRun({ id: '8', state: 'FAILED' })], now)
    expect(patched.map((r) => [r.run.id, r.run.state, r.left])).toEqual([
      ['8', 'FAILED', undefined],
      ['6', 'SUCCEEDED', true],
    ])
    const back = refreshRows(patched, [aRun({ id: '6' }), aRun({ id: '8', state: 'FAILED' })], now)
    expect(back.map((r) => r.left)).toEqual([undefined, undefined])
  })
})

describe('what Go is asked', () => {
  it('gets the filter, the place and a fixed range', () => {
    const filter = { ...NO_FILTER, states: ['FAILED'], range: '1h', minMs: 5 } as const
    expect(pageRequest(filter, { cursor: 'older.1.2', at: '' }, 50, now)).toEqual({
      filter: {
        states: ['FAILED'],
        jobId: '',
        workerId: '',
        epoch: '',
        createdFrom: '2026-11-23T11:00:00.000Z',
        createdBefore: '',
        minDurationMs: 5,
        maxDurationMs: 0,
        laterThanMs: 0,
        minAttempt: 0,
        errorText: '',
        logText: '',
      },
      cursor: 'older.1.2',
      at: '',
      size: 50,
    })
  })

  it('names the field of a refused filter', () => {
    expect(fieldOf(new Failure('invalid', 'runs.short_text', ''))).toBe('error')
    expect(fieldOf(new Failure('invalid', 'list.bad_cursor', ''))).toBeUndefined()
    expect(fieldOf(new Failure('invalid', 'constructor', ''))).toBeUndefined()
  })
})
