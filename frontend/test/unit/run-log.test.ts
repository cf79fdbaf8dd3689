import { describe, expect, it, vi } from 'vitest'
import type { LogState } from '../../src/api/logs.ts'
import { RowCache } from '../../src/lib/rowcache.ts'
import { logPlace } from '../../src/pages/run/logref.ts'
import { followLog, shownRow } from '../../src/pages/run/openlog.ts'

describe('following a log', () => {
  const idle: LogState = {
    token: 'a',
    source: 'database',
    ref: 'db:7/0',
    rows: 0,
    lines: 0,
    bytes: 0,
    expected: -1,
    reading: false,
    ended: false,
    full: false,
    at: 0,
    turn: 1,
    version: 0,
  }
  function follow(answers: (Partial<LogState> | Error)[]) {
    const asked: string[] = []
    const said: string[] = []
    const looks: string[] = []
    const life = new AbortController()
    const answer = async (what: string): Promise<LogState> => {
      asked.push(what)
      const next = answers.shift()
      if (!next || next instanceof Error) throw next
      return { ...idle, ...next }
    }
    const log = followLog(
      life.signal,
      '7',
      0,
      {
        state: ({ rows, ended }) => said.push(`${rows}${ended ? ' END' : ''}`),
        failed: (failure) => said.push(`FAILED ${failure.message}`),
        looked: (version, news) => looks.push(`${version} ${news}`),
      },
      {
        openLog: () => answer('open'),
        logState: (_, readOn, again) => answer(again ? 'again' : readOn ? 'more' : 'state'),
        closeLog: async () => void asked.push('close'),
      },
    )
    return { asked, said, looks, life, log }
  }

  it('looks again while the log is being read, then waits to be asked', async () => {
    const { asked, said, looks, log } = follow([
      { reading: true },
      { reading: true, rows: 5 },
      { rows: 9, version: 2 },
      { rows: 9, version: 3, ended: true },
    ])
    await vi.waitFor(() => expect(said).toEqual(['0', '5', '9']))
    log.read()
    await vi.waitFor(() => expect(said).toEqual(['0', '5', '9', '9 END']))
    expect(asked).toEqual(['open', 'state', 'state', 'more'])
    expect(looks).toEqual(['2 true', '3 false'])
  })

  it('opens again what could not be opened', async () => {
    const { asked, said, log } = follow([new Error('gone'), { rows: 1 }])
    await vi.waitFor(() => expect(said).toEqual(['FAILED gone']))
    log.read()
    await vi.waitFor(() => expect(said).toEqual(['FAILED gone', '1']))
    expect(asked).toEqual(['open', 'open'])
  })

  it('goes on after a failure when it is told to', async () => {
    const { asked, said, log } = follow([{ rows: 1 }, { rows: 9, ended: true }])
    await vi.waitFor(() => expect(said).toEqual(['1']))
    log.again()
    await vi.waitFor(() => expect(said).toEqual(['1', '9 END']))
    expect(asked).toEqual(['open', 'again'])
  })

  it('closes the log of a page that was left', async () => {
    const { asked, said, life, log } = follow([{ rows: 1 }])
    await vi.waitFor(() => expect(said).toEqual(['1']))
    life.abort()
    log.read()
    expect(asked).toEqual(['open', 'close'])
  })

  it('closes a log that was opened too late', async () => {
    const { asked, life } = follow([{ reading: true }])
    life.abort()
    await vi.waitFor(() => expect(asked).toEqual(['open', 'close']))
  })
})

describe('the rows of a log', () => {
  const row = { line: 1, continues: false, style: '', text: 'x', at: '', stream: '' }
  it('begin in the style that the rows above have set', () => {
    expect(shownRow({ ...row, style: '1;31' }).spans).toEqual([{ text: 'x', style: { bold: true, fg: 'red' } }])
    expect(shownRow(row).spans).toEqual([{ text: 'x', style: {} }])
  })

  it('come as they are looked at, and the last one anew when the log has grown', async () => {
    const asked: string[] = []
    const cache = new RowCache<string>(
      async (from, count) => {
        asked.push(`${from}+${count}`)
        return Array.from({ length: Math.min(count, 3) }, (_, i) => `${from + i}`)
      },
      () => undefined,
      () => undefined,
    )
    cache.grow(5)
    cache.want(0, 5)
    await vi.waitFor(() => expect(cache.get(4)).toBe('4'))
    expect(asked).toEqual(['0+5', '3+2'])
    cache.grow(6)
    expect([cache.get(3), cache.get(4)]).toEqual(['3', undefined])
  })
})

describe('a log reference', () => {
  it.each([
    ['', 'none'],
    ['db:7/0', 'database'],
    ['db:7/x', 'other'],
    ['https://archive.example/a', 'address'],
    ['HTTP://archive.example/a', 'address'],
    ['s3://bucket/key', 'address'],
    ['/var/log/jobrun_7.log', 'file'],
    ['javascript:alert(1)', 'other'],
    ['file:///etc/passwd', 'other'],
    ['C:\\logs\\7.log', 'file'],
  ])('%j lies in %s', (ref, kind) => expect(logPlace(ref).kind).toBe(kind))

  it('names the attempt', () => expect(logPlace('db:7/3')).toEqual({ kind: 'database', attempt: 3 }))
})
