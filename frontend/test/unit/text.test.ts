import { afterEach, describe, expect, it } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { en } from '../../src/text/en.ts'
import { ja } from '../../src/text/ja.ts'
import { placeholders, t, tryText } from '../../src/text/text.ts'

const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort()

afterEach(() => setPreferences({ language: 'en' }))

describe('the texts', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort())
  })

  it.each(Object.keys(en) as (keyof typeof en)[])('%s is written, with the same placeholders', (key) => {
    expect(en[key].trim()).not.toBe('')
    expect(ja[key].trim()).not.toBe('')
    expect(names(ja[key])).toEqual(names(en[key]))
    for (const form of en[key].split('||')) expect(names(form)).toEqual(names(en[key]))
  })
})

describe('t', () => {
  it('follows the language', () => {
    setPreferences({ language: 'ja' })
    expect(t('nav.workers')).toBe('ワーカー')
    setPreferences({ language: 'en' })
    expect(t('nav.workers')).toBe('Workers')
  })

  it('chooses the plural form', () => {
    setPreferences({ language: 'en' })
    expect(t('table.rows', { n: 1 })).toBe('1 row')
    expect(t('table.rows', { n: 0 })).toBe('0 rows')
    expect(t('table.rows', { n: 1234 })).toBe('1,234 rows')
  })

  it('puts a value in as it is, even one that looks like a placeholder or a pattern', () => {
    expect(t('table.select', { key: '{n} $& <b>' })).toBe('Select {n} $& <b>')
  })
})

describe('tryText', () => {
  it.each(['no.such.key', 'constructor', '__proto__'])('knows no %s', (key) => {
    expect(tryText(key, {})).toBeUndefined()
    expect(placeholders(key)).toEqual([])
  })
})
