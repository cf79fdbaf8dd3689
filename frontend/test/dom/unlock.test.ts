import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setPreferences } from '../../src/lib/preferences.ts'
import { openUnlock } from '../../src/pages/unlock.ts'
import { dialogsGone } from './stage.ts'

const bridge = vi.hoisted(() => ({
  unlock: vi.fn(),
  session: { generation: 1, environment: undefined as unknown },
  changed: [] as ((now: unknown) => void)[],
}))

vi.mock('../../wailsjs/go/desktop/Operations', () => ({ Unlock: bridge.unlock }))
vi.mock('../../src/api/session.ts', () => ({
  session: () => bridge.session,
  readSession: async () => undefined,
  onSession: (signal: AbortSignal, tell: (now: unknown) => void) => {
    bridge.changed.push(tell)
    signal.addEventListener('abort', () => {
      bridge.changed = bridge.changed.filter((each) => each !== tell)
    })
  },
}))

const environment = (kind: string, maxMinutes: number) => ({
  name: 'Tokyo',
  kind,
  policy: { locks: true, maxMinutes, bulkLimit: 100 },
})
const outcome = (result: string, reason = '') => ({
  operationId: 'a8098c1a-f86e-41da-bd1a-00112444be1e',
  result,
  reason,
  accepted: 'none',
  written: 'none',
  observed: 'none',
  createdId: '',
  auditId: '',
  args: {},
})
/** An error as the bridge brings it from Go. */
const wire = (code: string, reason: string, args = {}) => JSON.stringify({ code, reason, message: 'in English', args })

let life: AbortController
const unlocked = vi.fn()

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  bridge.session = { generation: 1, environment: environment('production', 240) }
  bridge.unlock.mockReset().mockResolvedValue(outcome('done'))
  unlocked.mockReset()
  life = new AbortController()
})
afterEach(async () => {
  life.abort()
  await dialogsGone()
})

const dialog = () => document.querySelector<HTMLElement>('.modal')
const reason = () => dialog()?.querySelector('textarea') as HTMLTextAreaElement
const go = () => dialog()?.querySelector<HTMLButtonElement>('.modal-footer .btn-danger, .modal-footer .btn-primary')
const times = () => [...(dialog()?.querySelectorAll('fieldset label') ?? [])].map((label) => label.textContent?.trim())

async function open(): Promise<void> {
  openUnlock(life.signal, unlocked)
  await vi.waitFor(() => expect(document.activeElement).toBe(reason()))
}

function say(text: string): void {
  reason().value = text
  reason().dispatchEvent(new Event('input', { bubbles: true }))
}

describe('the dialog that unlocks an environment', () => {
  it('wants a reason, and sends it with the time that was chosen', async () => {
    await open()
    expect(go()?.disabled).toBe(true)
    say('   ')
    expect(go()?.disabled).toBe(true)
    say('  incident 7 ')
    dialog()?.querySelector<HTMLInputElement>('#ops-unlock-60')?.click()
    go()?.click()
    await vi.waitFor(() => expect(unlocked).toHaveBeenCalledOnce())
    expect(bridge.unlock.mock.calls).toEqual([[{ minutes: 60, reason: 'incident 7' }]])
    expect(dialog()).toBeNull()
  })

  it.each([
    ['production', 240, ['15 minutes', '1 hour', '4 hours']],
    ['staging', 480, ['15 minutes', '1 hour', '4 hours', '8 hours']],
  ])('offers the times that the policy of %s has', async (kind, maxMinutes, offered) => {
    bridge.session.environment = environment(kind, maxMinutes)
    await open()
    expect(times()).toEqual(offered)
    expect(dialog()?.querySelector<HTMLInputElement>('fieldset input:checked')?.id).toBe('ops-unlock-15')
    expect(go()?.classList.contains('btn-danger')).toBe(kind === 'production')
  })

  it('unlocks nothing when Escape closes it', async () => {
    await open()
    say('incident 7')
    reason().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await vi.waitFor(() => expect(dialog()).toBeNull())
    expect(bridge.unlock).not.toHaveBeenCalled()
    expect(unlocked).not.toHaveBeenCalled()
  })

  it('takes Ctrl+Enter for the button, but not while an input method is composing, and once', async () => {
    await open()
    say('障害対応')
    const press = (more: object) =>
      reason().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, ...more }))
    press({ isComposing: true })
    expect(bridge.unlock).not.toHaveBeenCalled()
    press({})
    press({})
    await vi.waitFor(() => expect(unlocked).toHaveBeenCalledOnce())
    expect(bridge.unlock).toHaveBeenCalledOnce()
  })

  it.each([
    ['reason', 'operation.bad_reason', {}, /too long/],
    ['time', 'unlock.bad_time', { max: '240' }, /1 to 240 minutes/],
  ])('says what is wrong with the %s at its field, and keeps what was typed', async (field, why, args, text) => {
    bridge.unlock.mockRejectedValue(wire('invalid', why, args))
    await open()
    say('incident 7')
    go()?.click()
    await vi.waitFor(() => expect(document.getElementById(`ops-unlock-${field}-error`)?.textContent).toMatch(text))
    const described = field === 'reason' ? reason() : dialog()?.querySelector('fieldset')
    expect(described?.getAttribute('aria-describedby')).toContain(`ops-unlock-${field}-error`)
    expect(described?.contains(document.activeElement)).toBe(true)
    expect(reason().value).toBe('incident 7')
    expect(dialog()?.querySelector('.ops-callout')).toBeNull()
    expect(go()?.disabled).toBe(false)
  })

  it('says above the form what is about no field of it', async () => {
    bridge.unlock.mockResolvedValue(outcome('refused', 'operation.forbidden'))
    await open()
    say('incident 7')
    go()?.click()
    await vi.waitFor(() => expect(dialog()?.querySelector('.ops-callout')?.getAttribute('role')).toBe('alert'))
    expect(unlocked).not.toHaveBeenCalled()
  })

  it('closes when another environment is shown: it must not unlock that one', async () => {
    await open()
    say('incident 7')
    bridge.session = { generation: 2, environment: environment('production', 240) }
    for (const tell of bridge.changed) tell(bridge.session)
    await vi.waitFor(() => expect(dialog()).toBeNull())
    expect(bridge.unlock).not.toHaveBeenCalled()
    expect(bridge.changed).toEqual([])
  })
})
