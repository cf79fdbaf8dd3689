import { afterEach, describe, expect, it } from 'vitest'
import { type Changed, onChange, startLive } from '../../src/lib/live.ts'

let life = new AbortController()
afterEach(() => {
  life.abort()
  life = new AbortController()
})

/** A source whose events the test sends. */
function source() {
  let send: (changed: Changed) => void = () => undefined
  startLive({ subscribe: (fn) => (send = fn), setVisible: () => undefined })
  return (seq: number, ...topics: string[]) => send({ seq, topics })
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

  it('forgets a page that was left', () => {
    const seen: string[] = []
    onChange('fleet', life.signal, () => seen.push('fleet'))
    const send = source()
    life.abort()
    send(1, 'fleet')
    expect(seen).toEqual([])
  })
})
