import { describe, expect, it, vi } from 'vitest'
import type { LogPage } from '../../src/api/runs.ts'
import { LogDecoder } from '../../src/pages/run/decode.ts'
import { followLog } from '../../src/pages/run/follow.ts'
import { logPlace } from '../../src/pages/run/logref.ts'

function base64(bytes: Iterable<number>): string {
  return btoa(String.fromCharCode(...bytes))
}
const utf8 = (text: string) => [...new TextEncoder().encode(text)]
const chunk = (bytes: Iterable<number>, stream = 'stdout') => ({ at: '', stream, base64: base64(bytes) })

describe('a log in chunks', () => {
  it('becomes the same text wherever it is cut', () => {
    const text = 'zażółć 処理しました 👩‍🚀\u0000end'
    const bytes = utf8(text)
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = new LogDecoder()
      expect(decoder.push(chunk(bytes.slice(0, at))) + decoder.push(chunk(bytes.slice(at))) + decoder.end()).toBe(text)
    }
  })

  it('keeps the streams apart inside a character', () => {
    const [a = 0, b = 0, c = 0] = utf8('処')
    const decoder = new LogDecoder()
    const parts = [chunk([a, b]), chunk(utf8('!'), 'stderr'), chunk([c])].map((part) => decoder.push(part))
    expect(parts).toEqual(['', '!', '処'])
  })

  it('shows what is no UTF-8, and what was cut off', () => {
    const decoder = new LogDecoder()
    expect(decoder.push(chunk([0xff, 0x41]))).toBe('\ufffdA')
    expect(decoder.push(chunk([0xe5]))).toBe('')
    expect(decoder.end()).toBe('\ufffd')
    expect(decoder.end()).toBe('')
  })
})

describe('following a log', () => {
  function page(text: string, next: string, of: Partial<LogPage> = {}): LogPage {
    return { chunks: [chunk(utf8(text))], next, more: false, ended: false, version: 1, ...of }
  }
  function follow(pages: (LogPage | Error)[]) {
    const asked: string[] = []
    const said: string[] = []
    const looks: string[] = []
    const life = new AbortController()
    const follower = followLog(
      life.signal,
      async (after) => {
        asked.push(after)
        const next = pages.shift()
        if (!next || next instanceof Error) throw next
        return next
      },
      {
        append: (text) => text !== '' && said.push(text),
        ended: () => said.push('END'),
        failed: (failure) => said.push(`FAILED ${failure.message}`),
        looked: (version, news) => looks.push(`${version} ${news}`),
      },
    )
    return { asked, said, looks, life, follower }
  }

  it('reads on while there is more, then waits to be asked', async () => {
    const { asked, said, follower } = follow([
      page('a', '1', { more: true }),
      page('b', '2'),
      page('c', '3', { ended: true }),
    ])
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a', 'b']))
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a', 'b', 'c', 'END']))
    follower.read()
    expect(asked).toEqual(['', '1', '2'])
  })

  it('goes on from the same place after a failure', async () => {
    const { asked, said, follower } = follow([page('a', '1'), new Error('gone'), page('b', '2')])
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a']))
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a', 'FAILED gone']))
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a', 'FAILED gone', 'b']))
    expect(asked).toEqual(['', '1', '1'])
  })

  it('tells what the run was with each look, and whether there was more', async () => {
    const { looks, follower } = follow([
      page('a', '1', { more: true }),
      { ...page('', '1', { version: 2 }), chunks: [] },
      { ...page('', '1', { version: 3 }), chunks: [] },
    ])
    follower.read()
    await vi.waitFor(() => expect(looks).toEqual(['2 true']))
    follower.read()
    await vi.waitFor(() => expect(looks).toEqual(['2 true', '3 false']))
  })

  it('asks once at a time, and not at all for a page that was left', async () => {
    const { asked, said, life, follower } = follow([page('a', '1'), page('b', '2')])
    follower.read()
    follower.read()
    await vi.waitFor(() => expect(said).toEqual(['a']))
    life.abort()
    follower.read()
    expect(asked).toEqual([''])
  })
})

describe('a log reference', () => {
  it.each([
    ['', 'none'],
    ['db:7/0', 'database'],
    ['db:7/x', 'file'],
    ['https://archive.example/a', 'address'],
    ['HTTP://archive.example/a', 'address'],
    ['s3://bucket/key', 'address'],
    ['/var/log/jobrun_7.log', 'file'],
    ['javascript:alert(1)', 'file'],
    ['C:\\logs\\7.log', 'file'],
  ])('%j lies in %s', (ref, kind) => expect(logPlace(ref).kind).toBe(kind))

  it('names the attempt', () => expect(logPlace('db:7/3')).toEqual({ kind: 'database', attempt: 3 }))
})
