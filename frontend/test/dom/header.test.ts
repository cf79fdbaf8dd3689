import { beforeEach, describe, expect, it, vi } from 'vitest'
import { drawHeader } from '../../src/app/header.ts'
import { setPreferences } from '../../src/lib/preferences.ts'

const environment = vi.hoisted(() => ({
  id: 'p',
  name: 'Staging',
  kind: 'staging',
  color: '',
  login: 'suzuki',
  database: 'scheduler',
  readOnly: false,
  gate: true,
  operator: 'suzuki',
  role: 'operator',
  inactive: false,
  policy: { locks: false, maxMinutes: 0, bulkLimit: 1000 },
}))
vi.mock('../../src/api/session.ts', () => ({ session: () => ({ environment }), onSession: () => undefined }))

let header: HTMLElement
beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  header = document.createElement('header')
})

describe('the header', () => {
  it.each([
    ['an operator', {}, undefined],
    ['who may only look', { role: '', readOnly: true }, 'Read only'],
    ['who is deactivated', { role: '', readOnly: true, inactive: true }, 'Account deactivated'],
    ['who is deactivated where it is unlocked', { role: '', inactive: true }, 'Account deactivated'],
  ])('says what may be done: %s', (_, of, words) => {
    Object.assign(environment, { role: 'operator', readOnly: false, inactive: false }, of)
    drawHeader(header, document.createElement('span'))
    expect(header.textContent).toContain('suzuki')
    expect(header.querySelector('.ops-pill')?.textContent?.trim()).toBe(words)
  })
})
