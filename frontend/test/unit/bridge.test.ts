import { describe, expect, it } from 'vitest'
import { call, whenAnswered } from '../../src/api/bridge.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve))

describe('whenAnswered', () => {
  it('waits for every call under way, also for one that an answer leads to, and tells once', async () => {
    let answerFirst: (value: unknown) => void = () => undefined
    let refuseSecond: (reason: unknown) => void = () => undefined
    let told = 0
    const first = call(() => new Promise((resolve) => (answerFirst = resolve)))
    const second = first
      .then(() => call(() => new Promise((_, reject) => (refuseSecond = reject))))
      .catch(() => 'refused')
    whenAnswered(() => told++)
    await turn()
    expect(told).toBe(0)
    answerFirst('')
    await turn()
    expect(told).toBe(0)
    refuseSecond(new Error('no'))
    expect(await second).toBe('refused')
    await turn()
    expect(told).toBe(1)
    await call(async () => 'again')
    await turn()
    expect(told).toBe(1)
  })

  it('tells in the next turn when nothing is under way', async () => {
    let told = false
    whenAnswered(() => (told = true))
    expect(told).toBe(false)
    await turn()
    expect(told).toBe(true)
  })
})
