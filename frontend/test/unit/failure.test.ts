import { afterEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../src/api/bridge.ts'
import { Failure, failureText } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

afterEach(() => setPreferences({ language: 'en' }))

const wire = {
  code: 'unavailable',
  reason: 'redis.unreachable',
  args: { address: '10.0.0.1:6379' },
  message: 'Redis …',
}

describe('what Go rejects with', () => {
  it.each([
    ['an object', wire],
    ['JSON text', JSON.stringify(wire)],
    ['an Error of Wails', new Error(JSON.stringify(wire))],
  ])('is understood as %s', (_, thrown) => {
    expect(failureOf(thrown)).toMatchObject({
      code: 'unavailable',
      reason: 'redis.unreachable',
      values: { address: '10.0.0.1:6379' },
    })
  })

  it.each(['json: cannot unmarshal string', '42', 'null', '{"half":'])('is a defect when it is %j', (thrown) => {
    const failure = failureOf(thrown)
    expect(failure.code).toBe('internal')
    expect(failure.message).toBe(thrown)
  })
})

describe('failureText', () => {
  it('translates by the reason, with its values', () => {
    setPreferences({ language: 'ja' })
    expect(failureText(failureOf(wire))).toContain('10.0.0.1:6379 の Redis に接続できません')
  })

  it('falls back to the sentence where no translation or not every value exists', () => {
    expect(failureText(new Failure('invalid', 'no.such.reason', 'A sentence.'))).toBe('A sentence.')
    expect(failureText(new Failure('unavailable', 'redis.unreachable', 'A sentence.'))).toBe('A sentence.')
  })

  it('shows hostile characters of values and sentences', () => {
    const hostile = new Failure('not_found', 'workers.unknown', '', { worker: 'a\u202Eb' })
    expect(failureText(hostile)).toContain('a⟨RLO⟩b')
    expect(failureText(new Failure('internal', '', 'x\u0000y'))).toBe('x⟨NUL⟩y')
  })
})
