import { describe, expect, it, vi } from 'vitest'
import type { LogRow, LogState } from '../../src/api/logs.ts'
import { LINE_LENGTH, LINES, logHead } from '../../src/pages/compare/loghead.ts'

const read: LogState = {
  token: 'a',
  source: 'http',
  ref: 'https://logs.example.com/7.log',
  rows: 0,
  lines: 0,
  bytes: 0,
  at: 0,
  turn: 1,
  expected: -1,
  reading: false,
  ended: true,
  full: false,
  version: 0,
}

/** A log of so many rows, of which every row that `continues` names goes on with the line above. */
function log(
  states: (Partial<LogState> | Error)[],
  text = (row: number) => `row ${row}`,
  continues = (_: number) => false,
) {
  const next = async (): Promise<LogState> => {
    const state = states.length > 1 ? states.shift() : states[0]
    if (state instanceof Error || !state) throw state
    return { ...read, ...state }
  }
  return {
    openLog: vi.fn(next),
    logState: vi.fn(next),
    logRows: vi.fn(
      async (_: string, from: number, count: number): Promise<LogRow[]> =>
        Array.from({ length: Math.min(count, 300) }, (_, i) => ({
          line: 0,
          continues: continues(from + i),
          style: '',
          text: text(from + i),
          at: '',
          stream: '',
        })),
    ),
    closeLog: vi.fn(async () => undefined),
  }
}

const life = new AbortController().signal

describe('the beginning of a log', () => {
  it('is its lines, put together and without colours', async () => {
    const calls = log(
      [{ rows: 3 }],
      (row) => `\u001b[31m${row}`,
      (row) => row === 1,
    )
    expect(await logHead(life, '7', 0, calls)).toEqual({ lines: ['01', '2'], more: false })
    expect(calls.closeLog).toHaveBeenCalledWith('a')
  })

  it('is waited for, and the rest given up once there is enough', async () => {
    const calls = log([{ reading: true }, { reading: true, rows: 10 }, { reading: true, rows: 1_000_000 }])
    const { lines, more } = await logHead(life, '7', 0, calls)
    expect([lines.length, more]).toEqual([LINES, true])
    expect(calls.openLog).toHaveBeenCalledTimes(1)
    expect(calls.closeLog).toHaveBeenCalledTimes(1)
  })

  it('bounds a line that never ends', async () => {
    const { lines, more } = await logHead(
      life,
      '7',
      0,
      log(
        [{ rows: 100_000 }],
        () => 'x'.repeat(4096),
        (row) => row > 0,
      ),
    )
    expect([lines.length, lines[0]?.length, more]).toEqual([1, LINE_LENGTH, true])
  })

  it('keeps what there is of a log that broke off, and says why', async () => {
    const error = { code: 'unavailable', reason: 'log.broke_off', message: 'It broke off.' }
    const head = await logHead(life, '7', 0, log([{ rows: 2, ended: false, error }]))
    expect([head.lines.length, head.failure?.reason]).toEqual([2, 'log.broke_off'])
  })

  it('says why there is none', async () => {
    const head = await logHead(life, '7', 0, log([new Error('gone')]))
    expect([head.lines, head.failure?.message]).toEqual([[], 'gone'])
  })
})
