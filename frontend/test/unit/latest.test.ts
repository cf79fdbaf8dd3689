import { afterEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { latest, RETRY } from '../../src/lib/latest.ts'

/** A read that the test answers. */
function readings() {
  const open: { resolve(value: string): void; reject(reason: unknown): void }[] = []
  const read = () => new Promise<string>((resolve, reject) => open.push({ resolve, reject }))
  return { open, read }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

describe('latest', () => {
  it('never reads twice at once, and reads once more for any number of calls meanwhile', async () => {
    const { open, read } = readings()
    const seen: string[] = []
    const refresh = latest(new AbortController().signal, read, { done: (v) => seen.push(v), failed: () => undefined })
    refresh()
    refresh()
    refresh()
    expect(open.length).toBe(1)
    open[0]!.resolve('first')
    await settled()
    expect(open.length).toBe(2)
    open[1]!.resolve('second')
    await settled()
    expect(open.length).toBe(2)
    expect(seen).toEqual(['first', 'second'])
  })

  it('drops what comes after the page was left', async () => {
    const life = new AbortController()
    const { open, read } = readings()
    const seen: unknown[] = []
    const refresh = latest(life.signal, read, { done: (v) => seen.push(v), failed: (f) => seen.push(f) })
    refresh()
    refresh()
    life.abort()
    open[0]!.resolve('late')
    await settled()
    expect(seen).toEqual([])
    expect(open.length).toBe(1)
  })

  it('gives a failure, and reads again afterwards', async () => {
    const { open, read } = readings()
    const seen: unknown[] = []
    const refresh = latest(new AbortController().signal, read, {
      done: (v) => seen.push(v),
      failed: (f) => seen.push(f),
    })
    refresh()
    open[0]!.reject(new Failure('unavailable', 'redis.unreachable', 'no answer'))
    await settled()
    refresh()
    open[1]!.resolve('fine')
    await settled()
    expect(seen).toMatchObject([{ code: 'unavailable' }, 'fine'])
  })

  describe('while a server is unavailable', () => {
    const gone = new Failure('unavailable', 'postgres.unreachable', 'no answer')
    afterEach(() => vi.useRealTimers())

    function start(reject: unknown) {
      vi.useFakeTimers()
      const life = new AbortController()
      const { open, read } = readings()
      const refresh = latest(life.signal, read, { done: () => undefined, failed: () => undefined })
      refresh()
      open[0]!.reject(reject)
      return { life, open, refresh }
    }

    it('asks again by itself until there is an answer', async () => {
      const { open } = start(gone)
      await vi.advanceTimersByTimeAsync(RETRY)
      expect(open.length).toBe(2)
      open[1]!.reject(gone)
      await vi.advanceTimersByTimeAsync(RETRY)
      expect(open.length).toBe(3)
      open[2]!.resolve('back')
      await vi.advanceTimersByTimeAsync(10 * RETRY)
      expect(open.length).toBe(3)
    })

    it('asks once when it is called before the time is up', async () => {
      const { open, refresh } = start(gone)
      await vi.advanceTimersByTimeAsync(RETRY / 2)
      refresh()
      await vi.advanceTimersByTimeAsync(10 * RETRY)
      expect(open.length).toBe(2)
    })

    it('asks no more after the page was left, nor for a failure that asking again does not mend', async () => {
      const left = start(gone)
      await vi.advanceTimersByTimeAsync(0)
      left.life.abort()
      const refused = start(new Failure('forbidden', 'postgres.forbidden', 'no right'))
      await vi.advanceTimersByTimeAsync(10 * RETRY)
      expect([left.open.length, refused.open.length]).toEqual([1, 1])
    })
  })
})
