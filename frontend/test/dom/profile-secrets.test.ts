import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { NEW_PROFILE } from '../../src/pages/profile/draft.ts'
import { profilePage } from '../../src/pages/profile.ts'
import { dialogsGone } from './stage.ts'

interface Request {
  profile: { secrets_from: { kind: string } }
  secrets: string
}

const bridge = vi.hoisted(() => ({ get: vi.fn(), save: vi.fn(), forget: vi.fn(), open: vi.fn() }))

vi.mock('../../wailsjs/go/desktop/Profiles', () => ({
  Get: bridge.get,
  Save: bridge.save,
  ForgetSecrets: bridge.forget,
}))
vi.mock('../../src/pages/profile/open.ts', () => ({ openEnvironment: bridge.open }))

let life = new AbortController()
let host: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  bridge.save.mockReset().mockResolvedValue({ id: 'tokyo', revision: 'r2', problems: [], dropped: [] })
  bridge.forget.mockReset().mockResolvedValue(undefined)
  bridge.open.mockReset()
  host = document.createElement('main')
  document.body.append(host)
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
})

const field = (name: string) => host.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`)
const button = (name: string, within: ParentNode = document) =>
  [...within.querySelectorAll<HTMLButtonElement>('button')].find((b) => b.textContent?.trim() === name)
const errorOf = (name: string) => host.querySelector(`#profile-${name.replace('.', '-')}-error`)?.textContent
const saved = () => bridge.save.mock.calls.map(([request]: Request[]) => JSON.parse(request?.secrets ?? ''))

/** Opens the editor of a profile that keeps PostgreSQL's password. */
async function edit(from: 'keyring' | 'passphrase', kept = ['postgres_password'], more = {}): Promise<void> {
  const profile = { ...NEW_PROFILE, id: 'tokyo', name: 'Tokyo', secrets_from: { kind: from, command: [] } }
  const detail = { profile, revision: 'r1', kept, byPassphrase: kept.length > 0 && from === 'passphrase', ...more }
  bridge.get.mockResolvedValue(detail)
  profilePage(host, life.signal, { path: { id: 'tokyo' }, query: new URLSearchParams() })
  await vi.waitFor(() => expect(field('name')?.value).toBe('Tokyo'))
}

function type(name: string, text: string): void {
  const input = field(name)
  if (!input) throw new Error(`there is no field ${name}`)
  input.value = text
  input.dispatchEvent(new Event(input instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }))
}

describe('the secrets in a profile’s editor', () => {
  it('are sealed by another passphrase when it is typed twice', async () => {
    await edit('passphrase')
    type('passphrase', 'old one')
    type('new_passphrase', 'new one')
    type('new_passphrase_again', 'newone')
    button('Save')?.click()
    expect(errorOf('new_passphrase_again')).toBe('The two are not the same.')
    expect(document.activeElement).toBe(field('new_passphrase_again'))
    expect(bridge.save).not.toHaveBeenCalled()
    type('new_passphrase_again', 'new one')
    button('Save and open')?.click()
    await vi.waitFor(() => expect(bridge.open).toHaveBeenCalledOnce())
    expect(saved()).toEqual([{ set: {}, remove: [], passphrase: 'old one', newPassphrase: 'new one' }])
    expect(bridge.open.mock.calls[0]?.[2]).toEqual({ set: {}, remove: [], passphrase: 'new one' })
  })

  it('move out of the keyring by a new passphrase', async () => {
    await edit('keyring')
    expect(field('new_passphrase')).toBeNull()
    type('secrets_from.kind', 'passphrase')
    expect(field('passphrase')).toBeNull()
    for (const name of ['new_passphrase', 'new_passphrase_again']) type(name, 'first')
    button('Save')?.click()
    await vi.waitFor(() => expect(saved()).toEqual([{ set: {}, remove: [], newPassphrase: 'first' }]))
  })

  it('move back into the keyring by the passphrase that they have', async () => {
    await edit('passphrase')
    type('secrets_from.kind', 'keyring')
    expect(field('new_passphrase')).toBeNull()
    type('passphrase', 'first')
    button('Save')?.click()
    await vi.waitFor(() => expect(saved()).toEqual([{ set: {}, remove: [], passphrase: 'first' }]))
    expect(bridge.save.mock.calls[0]?.[0].profile.secrets_from.kind).toBe('keyring')
  })

  it.each([
    ['passphrase', 'secrets.wrong_passphrase', 'passphrase'],
    ['passphrase', 'secrets.passphrase_wanted', 'passphrase'],
    ['keyring', 'secrets.passphrase_wanted', 'new_passphrase'],
    ['keyring', 'secrets.keyring_locked', 'secrets_from.kind'],
  ] as const)('kept by %s, say %s at the field %s, and nothing typed is lost', async (from, reason, at) => {
    bridge.save.mockRejectedValue(JSON.stringify({ code: 'invalid', reason, message: 'in English', args: {} }))
    await edit(from)
    type('secrets_from.kind', 'passphrase')
    type('postgres_password', 'typed')
    button('Save')?.click()
    await vi.waitFor(() => expect(errorOf(at)).toBeTruthy())
    expect(document.activeElement).toBe(field(at))
    expect(field('postgres_password')?.value).toBe('typed')
  })

  it('are forgotten all at once, when that is confirmed', async () => {
    await edit('keyring')
    type('name', 'Osaka')
    const ask = async (answer: string) => {
      button('Forget all secrets…')?.click()
      await vi.waitFor(() => expect(document.querySelector('.modal.show')).not.toBeNull())
      button(answer, document.querySelector('.modal') as HTMLElement)?.click()
      await dialogsGone()
    }
    await ask('Cancel')
    expect(bridge.forget).not.toHaveBeenCalled()
    await ask('Forget them')
    await vi.waitFor(() => expect(button('Forget all secrets…')).toBeUndefined())
    expect(bridge.forget.mock.calls).toEqual([[{ id: 'tokyo' }]])
    expect(field('postgres_password')?.getAttribute('placeholder')).toBe('None')
    expect(field('name')?.value).toBe('Osaka')
  })

  it('are forgotten also where their file is damaged', async () => {
    const keptError = { code: 'invalid', reason: 'secrets.damaged', message: 'in English', args: {} }
    await edit('keyring', [], { keptError })
    expect(errorOf('secrets_from.kind')).toContain('damaged')
    button('Forget all secrets…')?.click()
    await vi.waitFor(() => expect(document.querySelector('.modal.show')).not.toBeNull())
    button('Forget them')?.click()
    await vi.waitFor(() => expect(errorOf('secrets_from.kind')).toBeUndefined())
    expect(bridge.forget).toHaveBeenCalledOnce()
    expect(button('Forget all secrets…')).toBeUndefined()
  })

  it('cannot be forgotten where none are kept', async () => {
    await edit('keyring', [])
    expect(button('Forget all secrets…')).toBeUndefined()
  })
})
