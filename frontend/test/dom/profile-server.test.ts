import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { askToAccept } from '../../src/pages/profile/server.ts'

const bridge = vi.hoisted(() => ({ accept: vi.fn() }))
vi.mock('../../wailsjs/go/desktop/Profiles', () => ({ AcceptServer: bridge.accept }))

let life = new AbortController()
const other = {
  seq: 1,
  name: 'postgres.login',
  state: 'failed',
  failure: new Failure('forbidden', 'postgres.swapped', 'Another server.', { found: '2', known: '1' }),
}

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  bridge.accept.mockReset().mockResolvedValue(undefined)
})
afterEach(() => {
  life.abort()
  life = new AbortController()
  document.body.replaceChildren()
})

const submit = () => document.querySelector<HTMLButtonElement>('.modal-footer [type=submit]')?.click()

/** Opens the question, and types a name. */
async function typed(name: string): Promise<{ answer: Promise<boolean>; field: HTMLInputElement }> {
  const answer = askToAccept(life.signal, 'tokyo', 'Tokyo', other)
  const field = await vi.waitFor(() => {
    const found = document.querySelector<HTMLInputElement>('#ops-confirm-name')
    if (!found) throw new Error('there is no dialog')
    return found
  })
  field.value = name
  field.dispatchEvent(new Event('input', { bubbles: true }))
  return { answer, field }
}

describe('another PostgreSQL than the known one', () => {
  it('is accepted when the profile’s name is typed, which the question says', async () => {
    const { answer } = await typed('Tokyo')
    expect(document.querySelector('.modal-body')?.textContent).toContain(
      'Its system identifier is 2; this machine knows 1.',
    )
    submit()
    expect(await answer).toBe(true)
    expect(bridge.accept.mock.calls).toEqual([[{ id: 'tokyo', typedName: 'Tokyo' }]])
  })

  it('is not accepted with another name', async () => {
    const { answer, field } = await typed('tokyo')
    submit()
    expect(field.validationMessage).toContain('Tokyo')
    life.abort()
    expect(await answer).toBe(false)
    expect(bridge.accept).not.toHaveBeenCalled()
  })

  it('stays unknown where Go refuses', async () => {
    bridge.accept.mockRejectedValue({ code: 'stale', reason: 'profile.no_other_server', message: 'Test again.' })
    const { answer } = await typed('Tokyo')
    submit()
    expect(await answer).toBe(false)
  })
})
