import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { age, bytes, duration, fullTime, parseTime, percent, printTime, signedLatency } from '../../src/lib/format.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

beforeEach(() => setPreferences({ language: 'en', zone: 'utc' }))
afterEach(() => setPreferences({ language: 'en', zone: 'local' }))

describe('times', () => {
  const at = new Date('2026-11-23T13:58:01.123Z')

  it('print UTC with its name', () => {
    expect(printTime(at)).toEqual({ date: '2026-11-23', time: '13:58:01', millis: '123', offset: 'UTC' })
    expect(fullTime(at)).toBe('2026-11-23 13:58:01.123 UTC')
  })

  it('print local time with the offset of that instant', () => {
    setPreferences({ zone: 'local' })
    const { date, time, millis, offset } = printTime(at)
    const wire = `${date}T${time}.${millis}${offset.replace('−', '-')}`
    expect(offset).toMatch(/^[+−]\d\d:\d\d$/)
    expect(new Date(wire)).toEqual(at)
  })

  it.each(['', 'nonsense'])('%j is no time', (wire) => {
    expect(parseTime(wire)).toBeUndefined()
  })

  it('are told by their age', () => {
    const ago = (seconds: number) => age(new Date(at.getTime() - seconds * 1000), at)
    expect(ago(3)).toBe('3 sec. ago')
    expect(ago(125)).toBe('2 min. ago')
    expect(ago(-7200)).toBe('in 2 hr.')
    expect(ago(0)).toBe('now')
    setPreferences({ language: 'ja' })
    expect(ago(3)).toBe('3 秒前')
    expect(ago(0)).toBe('今')
  })
})

describe('duration', () => {
  it.each([
    [0, '0s'],
    [0.42, '0.4ms'],
    [350, '350ms'],
    [2400, '2.4s'],
    [65_000, '1m 5s'],
    [59_990, '1m 0s'],
    [3 * 3_600_000 + 720_000, '3h 12m'],
    [4 * 86_400_000 + 6 * 3_600_000, '4d 6h'],
    [-1500, '−1.5s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})

describe('other numbers', () => {
  it('print', () => {
    expect(bytes(512)).toBe('512 B')
    expect(bytes(12.3 * 1024 ** 2)).toBe('12.3 MiB')
    expect(percent(0.987, 1)).toBe('98.7%')
    expect(signedLatency(3.25)).toMatch(/^\+3\.[23]ms$/)
    expect(signedLatency(-12.3)).toBe('−12.3ms')
  })
})
