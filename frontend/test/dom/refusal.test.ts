import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Setting } from '../../src/api/settings.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { eventActions } from '../../src/pages/events/ingest.ts'
import { refusedField } from '../../src/pages/refusal.ts'
import { showSetting } from '../../src/pages/settings/dialog.ts'
import { dialogsGone } from './stage.ts'

const bridge = vi.hoisted(() => ({ perform: vi.fn() }))
const preview = {
  token: 'token-1',
  action: 'event.ingest',
  target: 'paid',
  tier: 'plain',
  reversible: false,
  typedName: '',
  touches: [],
  notes: [],
  epoch: '',
  way: '',
  asOf: '2026-11-23T12:00:00Z',
}

vi.mock('../../src/api/session.ts', () => ({ session: () => ({}), may: () => true, onSession: () => undefined }))
vi.mock('../../src/api/settings.ts', () => ({
  checkSetting: async (_: string, typed: string) => JSON.stringify(typed),
}))
vi.mock('../../src/api/operations.ts', () => ({
  planIngestEvent: async () => preview,
  planSetSetting: async () => preview,
  perform: bridge.perform,
  dropPlan: () => undefined,
  followTask: () => undefined,
  startBulk: () => undefined,
  stopBulk: () => undefined,
}))

const refused = (reason: string, args: Record<string, string> = {}) => ({
  operationId: 'a8098c1a-f86e-41da-bd1a-00112444be1e',
  result: 'refused',
  reason,
  accepted: 'none',
  written: 'no',
  observed: 'none',
  createdId: '',
  auditId: '4',
  args,
})

let life: AbortController
beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  life = new AbortController()
})
afterEach(async () => {
  life.abort()
  await dialogsGone()
})

const wait = <E extends Element>(selector: string) =>
  vi.waitFor(() => {
    const found = document.querySelector<E>(selector)
    expect(found, selector).not.toBeNull()
    return found as E
  })

async function fill(selector: string, value: string): Promise<void> {
  const field = await wait<HTMLInputElement>(selector)
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Goes through the dialog of the operation, is refused, and goes back. */
async function performAndCorrect(): Promise<void> {
  await fill('.modal textarea[name="reason"]', 'because')
  ;(await wait<HTMLButtonElement>('.ops-operation-go button:not(:disabled)')).click()
  await wait('.ops-outcome-danger')
  const button = await wait<HTMLButtonElement>('.ops-operation-go button')
  expect(button.textContent?.trim()).toBe('Correct it')
  button.click()
  await vi.waitFor(() => expect(document.querySelector('.ops-outcome')).toBeNull())
}

describe('what the gate refuses', () => {
  const fields = { command_name: 'command', default_args_json: 'args', schedule: 'kind', value: 'value' }
  it.each([
    ['a named column', refused('job.invalid', { field: 'command_name' }), 'command'],
    ['masked arguments', refused('args.masked'), 'args'],
    ['a schedule', refused('schedule.invalid', { problem: 'schedule.bad_time' }), 'kind'],
    ['a setting', refused('setting.invalid', { problem: 'min' }), 'value'],
    ['a column that the form lacks', refused('job.invalid', { field: 'surprise' }), undefined],
    ['a missing right', refused('right.missing'), undefined],
    ['a job of a hostile column', refused('job.invalid', { field: 'constructor' }), undefined],
    ['nothing: it is stale', { ...refused('job.changed', { field: 'command_name' }), result: 'stale' }, undefined],
  ])('is about a field where it is %s', (_, outcome, field) => {
    expect(refusedField(outcome, fields)?.field).toBe(field)
  })

  it('stands at the field of an event, with what was typed', async () => {
    bridge.perform.mockResolvedValue(refused('event.invalid', { field: 'dedupe_key' }))
    eventActions(
      life.signal,
      () => [],
      () => undefined,
    )[0]?.run()
    await fill('#ops-ingest-type', 'paid')
    await fill('#ops-ingest-key', 'k-1')
    ;(await wait<HTMLFormElement>('#ops-ingest')).requestSubmit()
    await performAndCorrect()
    const key = await wait<HTMLInputElement>('#ops-ingest-key.is-invalid')
    expect(key.value).toBe('k-1')
    expect(document.querySelector<HTMLInputElement>('#ops-ingest-type')?.value).toBe('paid')
    expect(key.nextElementSibling?.textContent).toBe('The database does not take this value.')
  })

  it.each([
    [false, '12'],
    [true, ''],
  ])('stands at the value of a setting, which is typed anew if it is a secret (%s)', async (secret, kept) => {
    bridge.perform.mockResolvedValue(refused('setting.invalid', { problem: 'max' }))
    const setting = {
      key: 'SCHEDULER_X',
      known: false,
      group: '',
      type: 'text',
      default: '',
      min: '',
      max: '',
      choices: [],
      restart: false,
      django: false,
      design: false,
      secret,
      editable: true,
      stored: false,
      readable: !secret,
      value: '',
      updated: '',
    } as unknown as Setting
    showSetting(
      life.signal,
      setting,
      new Date(),
      () => undefined,
      () => undefined,
    )
    await fill('#ops-setting-value', '12')
    ;(await wait<HTMLFormElement>('.ops-setting-form')).requestSubmit()
    await performAndCorrect()
    const field = await wait<HTMLInputElement>('#ops-setting-value.is-invalid')
    expect(field.value).toBe(kept)
    expect(field.nextElementSibling?.textContent).toContain('Check its type and bounds')
  })
})
