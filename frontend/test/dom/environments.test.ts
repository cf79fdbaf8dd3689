import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ComparedField, ComparedItem, Comparison } from '../../src/api/comparison.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { diffTable } from '../../src/pages/environments/diff.ts'
import { environmentsPage } from '../../src/pages/environments.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { dialogsGone } from './stage.ts'

const bridge = vi.hoisted(() => ({
  comparison: undefined as unknown,
  opened: [] as unknown[],
  closed: 0,
  planned: [] as unknown[],
}))

vi.mock('../../wailsjs/go/desktop/Comparisons', () => ({
  Candidates: async () => ({ profiles: [{ id: 'staging', name: 'Staging', kind: 'staging' }] }),
  Open: async (request: unknown) => bridge.opened.push(request),
  Close: async () => void bridge.closed++,
  Read: async () => bridge.comparison,
  Expect: async () => bridge.comparison,
  PlanPromotion: async (request: unknown) => {
    bridge.planned.push(request)
    return {
      token: 't',
      action: 'environment.promote',
      target: 'staging',
      tier: 'dangerous',
      typedName: 'Tokyo',
      touches: [],
      notes: [],
    }
  },
  StartPromotion: async () => undefined,
}))
vi.mock('../../src/api/session.ts', () => ({ may: () => true, onSession: () => undefined, session: () => ({}) }))
vi.mock('../../src/pages/profile/open.ts', () => ({ secretsFor: async () => ({}) }))

const field = (of: Partial<ComparedField>): ComparedField => ({
  name: 'max_retries',
  state: 'different',
  here: '1',
  there: '5',
  ...of,
})
const item = (of: Partial<ComparedItem>): ComparedItem => ({
  kind: 'job',
  name: 'report',
  state: 'different',
  fields: [field({}), field({ name: 'enabled', state: 'equal', here: 'true', there: 'true' })],
  kept: '',
  mark: 'm1',
  hereId: '7',
  ...of,
})
const comparison = (...items: ComparedItem[]): Comparison => ({
  here: { id: 'tokyo', name: 'Tokyo', kind: 'production' },
  there: { id: 'staging', name: 'Staging', kind: 'staging' },
  items,
  noted: true,
  asOf: '2026-11-27T12:00:00Z',
})

let life = new AbortController()
let host: HTMLElement
const button = (name: RegExp) =>
  [...document.querySelectorAll<HTMLButtonElement>('button')].find((b) => name.test(b.textContent?.trim() ?? ''))

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  host = document.createElement('div')
  document.body.append(host)
  bridge.opened = []
  bridge.planned = []
  bridge.closed = 0
})
afterEach(async () => {
  life.abort()
  life = new AbortController()
  await dialogsGone()
  document.body.replaceChildren()
})

async function openPage(...items: ComparedItem[]): Promise<void> {
  bridge.comparison = comparison(...items)
  environmentsPage(host, life.signal, { path: {}, query: new URLSearchParams() })
  await vi.waitFor(() => expect(button(/^Compare with Staging$/)).toBeDefined())
  button(/^Compare with Staging$/)?.click()
  await vi.waitFor(() => expect(host.querySelector('tbody tr[data-key]')).not.toBeNull())
}

const rows = () => [...host.querySelectorAll('tbody tr[data-key]')].map((row) => row.getAttribute('data-key'))

describe('two environments side by side', () => {
  it('opens the other one for itself, and closes it when it is left', async () => {
    await openPage(item({}))
    expect(bridge.opened).toEqual([{ id: 'staging', secrets: '{}' }])
    expect(bridge.closed).toBe(0)
    life.abort()
    await vi.waitFor(() => expect(bridge.closed).toBe(1))
  })

  it('stays open in another language, with what is shown of it', async () => {
    await openPage(item({}), item({ name: 'same', state: 'equal', kept: 'equal', fields: [] }))
    button(/^Equal/)?.click()
    life.abort()
    life = new AbortController()
    host.replaceChildren()
    environmentsPage(host, life.signal, { path: {}, query: new URLSearchParams() })
    await vi.waitFor(() => expect(rows().sort()).toEqual(['job report', 'job same']))
    expect(bridge.opened).toHaveLength(1)
    expect(bridge.closed).toBe(0)
  })

  it('marks the lines of documents that differ, and no others', () => {
    const shown = item({
      fields: [
        field({ name: 'default_args_json', here: '{"a":1,"b":[1,2],"c":3}', there: '{"a":1,"b":[1,5,2]}' }),
        field({ name: 'schedule', state: 'equal', here: '{"kind":"hourly"}', there: '{"kind":"hourly"}' }),
      ],
    })
    render(diffTable(shown, shown.fields, ['here', 'there']), host)
    const marked = (column: number) =>
      [...host.querySelectorAll(`td:nth-child(${column}) .ops-json-marked`)].map((mark) => mark.textContent)
    expect(marked(2)).toEqual(['"c": 3'])
    expect(marked(3)).toEqual(['5,'])
    expect(host.querySelector('td:nth-child(3) pre')?.textContent).toBe(
      '{\n  "a": 1,\n  "b": [\n    1,\n    5,\n    2\n  ]\n}',
    )
  })

  it('shows what needs a look, and the rest on request', async () => {
    await openPage(item({}), item({ name: 'same', state: 'equal', kept: 'equal', fields: [] }))
    expect(rows()).toEqual(['job report'])
    button(/^Equal/)?.click()
    await vi.waitFor(() => expect(rows().sort()).toEqual(['job report', 'job same']))
  })

  it('reviews only what would change, and plans exactly what was read', async () => {
    await openPage(item({}), item({ kind: 'setting', name: 'SECRET', state: 'unknown', kept: 'masked', fields: [] }))
    for (const box of host.querySelectorAll<HTMLInputElement>('tbody input[type=checkbox]')) box.click()
    await vi.waitFor(() => expect(button(/^Bring 1 over/)?.disabled).toBe(false))
    button(/^Bring 1 over/)?.click()
    const review = document.querySelector('.modal')
    expect(review?.textContent).toContain('Retries')
    expect(review?.textContent).not.toContain('Enabled')
    button(/^Continue$/)?.click()
    await vi.waitFor(() => expect(bridge.planned).toEqual([{ items: [{ kind: 'job', name: 'report', mark: 'm1' }] }]))
  })

  it.each(HOSTILE)('keeps the text %j a text', (text) => {
    const hostile = item({
      name: text,
      fields: [field({ name: text, here: text, there: `["${text}"]`, rule: { here: text, there: text } })],
    })
    render(diffTable(hostile, hostile.fields, [text, text], { expect: () => undefined }), host)
    expect(intruders(host)).toEqual([])
  })
})
