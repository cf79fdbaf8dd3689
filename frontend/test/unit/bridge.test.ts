import { describe, expect, it } from 'vitest'
import { ask, call, nothingShown, whenAnswered, whileSettled, whileSwitching } from '../../src/api/bridge.ts'

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

describe('an answer of another environment', () => {
  /** A call whose answer waits for the returned function. */
  function late(through: typeof call = call): [outcome: Promise<unknown>, answer: () => void] {
    let answer: () => void = () => undefined
    const outcome = through(() => new Promise<string>((resolve) => (answer = () => resolve('late')))).catch(
      (thrown) => thrown.reason,
    )
    return [outcome, answer]
  }

  it('is dropped when something else is shown by the time it comes', async () => {
    const [outcome, answer] = late()
    nothingShown()
    answer()
    expect(await outcome).toBe('session.switched')
    expect(await call(async () => 'of the new one')).toBe('of the new one')
  })

  it('is dropped when it was asked for, or comes, while that changes', async () => {
    const [before, answerBefore] = late()
    let answerMeanwhile: () => void = () => undefined
    let meanwhile: Promise<unknown> = Promise.resolve()
    await whileSwitching(async () => {
      answerBefore()
      expect(await before).toBe('session.switched')
      ;[meanwhile, answerMeanwhile] = late()
    })
    answerMeanwhile()
    expect(await meanwhile).toBe('session.switched')
  })

  it('is kept where it belongs to no environment', async () => {
    const [outcome, answer] = late(ask)
    nothingShown()
    answer()
    expect(await outcome).toBe('late')
  })

  it('does not hold up the next one after a switch that failed', async () => {
    const failed = whileSwitching(() => Promise.reject(new Error('no')))
    await expect(failed).rejects.toThrow('no')
    expect(await call(async () => 'still there')).toBe('still there')
  })
})

describe('what is open', () => {
  it('is asked again when a switch began meanwhile, and told once that is over', async () => {
    let asked = 0
    let answer: () => void = () => undefined
    let finish: () => void = () => undefined
    const state = whileSettled(() => {
      asked++
      return new Promise<number>((resolve) => (answer = () => resolve(asked)))
    })
    const change = whileSwitching(() => new Promise<void>((resolve) => (finish = resolve)))
    answer()
    await turn()
    expect(asked).toBe(1)
    finish()
    await change
    await turn()
    expect(asked).toBe(2)
    answer()
    expect(await state).toBe(2)
    expect(await call(async () => 'of the new one')).toBe('of the new one')
  })
})
