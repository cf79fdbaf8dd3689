import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Changed, onChange, onQueries, onReplica, type Replica, startLive } from '../../src/lib/live.ts'

let life = new AbortController()
afterEach(() => {
  life.abort()
  life = new AbortController()
})

/** A source whose events the test sends. */
function source() {
  let send: (changed: Changed) => void = () => undefined
  startLive({ subscribe: (fn) => (send = fn), setVisible: () => undefined })
  return (seq: number, ...topics: string[]) => send({ seq, topics, queries: seq })
}

describe('live', () => {
  it('tells only those who asked for the topic', () => {
    const seen: string[] = []
    onChange('fleet', life.signal, () => seen.push('fleet'))
    onChange('runs', life.signal, () => seen.push('runs'))
    const send = source()
    send(1, 'fleet')
    send(2, 'jobs')
    expect(seen).toEqual(['fleet'])
  })

  it('tells everybody after a lost event, and takes late ones as they are', () => {
    const seen: string[] = []
    onChange('fleet', life.signal, () => seen.push('fleet'))
    onChange('runs', life.signal, () => seen.push('runs'))
    const send = source()
    send(1, 'fleet')
    send(3, 'fleet')
    expect(seen).toEqual(['fleet', 'fleet', 'runs'])
    send(2, 'runs')
    send(4, 'runs')
    expect(seen).toEqual(['fleet', 'fleet', 'runs', 'runs', 'runs'])
  })

  it('says at once whether anybody looks', () => {
    const said: boolean[] = []
    startLive({ subscribe: () => undefined, setVisible: (visible) => said.push(visible) })
    expect(said).toEqual([document.visibilityState === 'visible'])
  })

  it('says so once more when it hears nothing', () => {
    vi.useFakeTimers()
    const said: boolean[] = []
    let send: (changed: Changed) => void = () => undefined
    startLive({ subscribe: (fn) => (send = fn), setVisible: (visible) => said.push(visible) })
    send({ seq: 1, topics: [], queries: 0 })
    vi.advanceTimersByTime(5000)
    expect(said).toEqual([true])
    vi.advanceTimersByTime(5000)
    expect(said).toEqual([true, true])
    vi.useRealTimers()
  })

  it('tells what the last minute cost when that changes, by the newest event', () => {
    let send: (changed: Changed) => void = () => undefined
    startLive({ subscribe: (fn) => (send = fn), setVisible: () => undefined })
    const seen: number[] = []
    onQueries(life.signal, (queries) => seen.push(queries))
    for (const [seq, queries] of [
      [1, 4],
      [2, 4],
      [4, 9],
      [3, 5],
      [5, -1],
    ] as const)
      send({ seq, topics: [], queries })
    life.abort()
    send({ seq: 6, topics: [], queries: 1 })
    expect(seen).toEqual([4, 9, -1])
  })

  it('tells how the replica is when that changes, and that there is none any more', () => {
    let send: (changed: Changed) => void = () => undefined
    startLive({ subscribe: (fn) => (send = fn), setVisible: () => undefined })
    const seen: (Replica | undefined)[] = []
    onReplica(life.signal, (replica) => seen.push(replica))
    const replica = { address: 'standby:5432', used: true, lagMs: 100 }
    send({ seq: 1, topics: [], queries: 0, replica })
    send({ seq: 2, topics: [], queries: 0, replica: { ...replica } })
    send({ seq: 3, topics: [], queries: 0, replica: { ...replica, lagMs: 300 } })
    send({ seq: 4, topics: [], queries: 0 })
    send({ seq: 3, topics: [], queries: 0, replica }) // overtaken
    expect(seen).toEqual([replica, { ...replica, lagMs: 300 }, undefined])
  })

  it('forgets a page that was left', () => {
    const seen: string[] = []
    onChange('fleet', life.signal, () => seen.push('fleet'))
    const send = source()
    life.abort()
    send(1, 'fleet')
    expect(seen).toEqual([])
  })
})
