import { describe, expect, it } from 'vitest'
import { withoutStamps } from '../../src/lib/timestamps.ts'

describe('a line without its time stamps', () => {
  it.each([
    ['2026-07-01T12:00:00.123Z started', '2026-07-02 03:04:05,9 started'],
    ['2026-07-01T12:00:00+09:00 started', '2026-07-01T03:00:00Z started'],
    ['2026/07/01 12:00:00 started', '2026/7/1 9:00:00 started'],
    ['Jul  1 12:00:00 host job[7]: x', 'Dec 11 01:02:03 host job[7]: x'],
    ['[12:00:00] started', '[01:02:03.456] started'],
    ['1782907200.123 started', '1782907201 started'],
    ['2026年7月1日 12時00分00秒 開始', '2026年12月11日 1時2分3秒 開始'],
    ['took from 12:00:00 to 12:00:05', 'took from 13:00:00 to 13:00:09'],
  ])('%j and %j say the same', (left, right) => {
    expect(withoutStamps(left)).toBe(withoutStamps(right))
    expect(withoutStamps(left)).toContain('⏱')
  })

  it.each([
    ['exit code 1', 'exit code 2'],
    ['took 1234567890 rows', 'took 1234567891 rows'],
    ['version 1.2.3', 'version 1.2.4'],
    ['10.0.0.1 answers', '10.0.0.2 answers'],
    ['ratio 1:30', 'ratio 1:31'],
  ])('%j and %j do not', (left, right) => {
    expect(withoutStamps(left)).not.toBe(withoutStamps(right))
  })
})
