import { afterEach, describe, expect, it } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { en } from '../../src/text/en.ts'
import { ja } from '../../src/text/ja.ts'
import { placeholders, t, tryText } from '../../src/text/text.ts'

const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)(?::[^}]+)?\}/g)].map((m) => m[1]))].sort()

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
    expect(t('status.queries', { n: '1' })).toBe('1 query/min')
    expect(t('status.queries', { n: '1,234' })).toBe('1,234 queries/min')
  })

  it('chooses words by each count of a text', () => {
    setPreferences({ language: 'en' })
    expect(t('archive.task.finished', { runs: 1, rows: '2,000' })).toBe('Finished: 1 run, 2,000 rows.')
    expect(tryText('error.doctor.workers_answer', { workers: '1' })).toBe('1 worker was asked and answered.')
    expect(tryText('error.doctor.workers_answer', { workers: '3' })).toBe('3 workers were asked and answered.')
    expect(placeholders('error.doctor.workers_answer')).toEqual(['workers'])
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
