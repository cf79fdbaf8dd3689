import { describe, expect, it } from 'vitest'
import { parseSpan, writeSpan } from '../../src/pages/runs/span.ts'

describe('lengths of time as operators write them', () => {
  it.each([
    ['', 0],
    ['90', 90_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['2m 30s', 150_000],
    ['2m30s', 150_000],
    [' 1H ', 3_600_000],
    ['1d', 86_400_000],
  ])('%j is %d ms', (text, millis) => expect(parseSpan(text)).toBe(millis))

  it.each(['x', '5 minutes', '-3s', '1:30', 's', '3 m s', 'Infinity', '1e9s'])('%j is nothing', (text) =>
    expect(parseSpan(text)).toBeUndefined(),
  )

  it('writes what it reads again', () => {
    for (const millis of [
      1,
      0.5,
      999,
      1000,
      1001,
      59_999,
      60_000,
      90_500,
      3_600_000,
      86_400_000 * 3 + 7,
      123_456_789,
    ]) {
      expect(parseSpan(writeSpan(millis))).toBe(millis)
    }
    expect(writeSpan(0)).toBe('')
    expect(writeSpan(150_000)).toBe('2m 30s')
  })
})
