import { beforeEach, describe, expect, it } from 'vitest'
import { judgeSeal, pinnedSeal, pinSeal } from '../../src/lib/pins.ts'

const store = new Map<string, string>()

beforeEach(() => {
  store.clear()
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: { getItem: (k: string) => store.get(k) ?? null, setItem: (k: string, v: string) => store.set(k, v) },
  })
})

describe('a pinned seal', () => {
  it('is kept for its environment, and never gives way to an older one', () => {
    pinSeal('a', { seal: '12', digest: 'x' })
    pinSeal('a', { seal: '9', digest: 'old' })
    pinSeal('a', { seal: '', digest: '' })
    expect(pinnedSeal('a')).toEqual({ seal: '12', digest: 'x' })
    expect(pinnedSeal('b')).toBeUndefined()
    pinSeal('a', { seal: '9007199254740993', digest: 'y' })
    expect(pinnedSeal('a')?.digest).toBe('y')
  })

  it.each(['', 'null', '[]', '{"seal": 3, "digest": "x"}', '{"seal": "x", "digest": "y"}', '{'])(
    'that can not be read is none: %j',
    (text) => {
      store.set('opsdeck.seal.a', text)
      expect(pinnedSeal('a')).toBeUndefined()
    },
  )

  it('shows that something was taken back', () => {
    const pin = { seal: '12', digest: 'x' }
    expect(judgeSeal(undefined, { seal: '', digest: '' })).toBeUndefined()
    expect(judgeSeal(pin, { seal: '13', digest: 'y' })).toBeUndefined()
    expect(judgeSeal(pin, pin)).toBeUndefined()
    expect(judgeSeal(pin, { seal: '12', digest: 'y' })).toBe('seal.changed')
    expect(judgeSeal(pin, { seal: '11', digest: 'x' })).toBe('seal.missing')
    expect(judgeSeal(pin, { seal: '', digest: '' })).toBe('seal.missing')
  })
})
