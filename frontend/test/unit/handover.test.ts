import { describe, expect, it } from 'vitest'
import { handover } from '../../src/lib/handover.ts'

describe('a handover', () => {
  it('gives what is taken in the same turn, once', async () => {
    const dropped: string[] = []
    const hand = handover<string>((value) => dropped.push(value))
    hand.give('form')
    expect(hand.take()).toBe('form')
    expect(hand.take()).toBeUndefined()
    await Promise.resolve()
    expect(dropped).toEqual([])
  })

  it('drops what nobody takes', async () => {
    const dropped: string[] = []
    const hand = handover<string>((value) => dropped.push(value))
    hand.give('form')
    await Promise.resolve()
    expect(dropped).toEqual(['form'])
    expect(hand.take()).toBeUndefined()
  })
})
