import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compareHistories, type Histories, type HistoriesRequest } from '../../src/api/histories.ts'
import { type Open, session } from '../../src/api/session.ts'
import { navItems } from '../../src/app/nav.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { historiesPage } from '../../src/pages/histories.ts'
import { dialogsGone } from './stage.ts'

vi.mock('../../src/api/histories.ts', () => ({ compareHistories: vi.fn() }))
vi.mock('../../src/api/session.ts', { spy: true })

const open = (key: string, archive: boolean, shown = false): Open => ({
  key,
  id: key,
  name: `<b>${key}</b>`,
  kind: 'staging',
  color: '',
  archive,
  content: '',
  shown,
})
const side = (key: string, archive: boolean) => ({
  key,
  id: key,
  name: key,
  kind: 'staging',
  archive,
  from: '2026-11-22T00:00:00Z',
  to: '2026-11-23T00:00:00Z',
  fleet: { kind: 'sampled', looked: '' },
  jobs: { kind: 'inferred', looked: '' },
})
const runs = (failed: number, ended: number, p50Ms: number) => ({
  jobId: '7',
  runs: ended + 1,
  states: {},
  ended,
  failed,
  duration: { n: ended, p50Ms, p95Ms: p50Ms * 2, p99Ms: p50Ms * 3 },
})
const FOUND = {
  here: side('good', true),
  there: side('bad', true),
  counts: [
    { state: 'equal', n: 4 },
    { state: 'different', n: 1 },
    { state: 'here', n: 0 },
  ],
  total: 150,
  items: [],
  runs: [
    {
      name: 'billing <i>x</i>',
      state: 'different',
      here: runs(1, 200, 1000),
      there: runs(40, 210, 4000),
      failures: 'higher',
      duration: 'few',
    },
  ],
} as unknown as Histories

let life = new AbortController()
let host: HTMLElement
const asked = () => vi.mocked(compareHistories).mock.lastCall?.[0] as HistoriesRequest
beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  host = document.createElement('div')
  document.body.append(host)
  vi.mocked(compareHistories).mockResolvedValue(FOUND)
})
afterEach(async () => {
  life.abort()
  await dialogsGone()
  life = new AbortController()
  document.body.replaceChildren()
  vi.clearAllMocks()
})

function show(...all: Open[]): void {
  const shown = all.find((one) => one.shown)
  vi.mocked(session).mockReturnValue({ open: all, environment: { archive: shown?.archive ? {} : undefined } } as never)
  historiesPage(host, life.signal, { path: {}, query: new URLSearchParams() })
}
const click = (name: string) =>
  [...host.querySelectorAll('button')].find((b) => b.textContent?.trim() === name)?.click()

describe('two histories', () => {
  it('stand side by side with what the difference comes to, as text', async () => {
    show(open('good', true, true), open('bad', true))
    await vi.waitFor(() => expect(host.querySelector('tbody tr')?.textContent).toContain('fails more often'))
    const row = host.querySelector('tbody tr')
    for (const text of ['billing <i>x</i>', '1/200', '40/210', '(19.0%)', 'too few runs to tell', 'Different'])
      expect(row?.textContent).toContain(text)
    expect(host.querySelector('tbody i:not(.bi), .ops-history-sides b')).toBeNull()
    expect(asked()).toMatchObject({ here: 'good', there: 'bad', part: 'runs', all: false, offset: 0 })
    expect(host.querySelector('.ops-history-counts')?.textContent).toContain('Different 1')
    expect(host.querySelector('.ops-history-counts')?.textContent).not.toContain('Only here')
  })

  it('are turned by pages, and begin anew with another part', async () => {
    show(open('good', true, true), open('bad', true))
    await vi.waitFor(() => expect(host.textContent).toContain('1–100 of 150'))
    host.querySelector<HTMLButtonElement>('[aria-label="Older page"], [aria-label="Next page"]')?.click()
    await vi.waitFor(() => expect(asked().offset).toBe(100))
    vi.mocked(compareHistories).mockResolvedValue({
      ...FOUND,
      runs: [],
      items: [
        {
          kind: 'worker',
          name: 'w-1',
          state: 'different',
          hereId: '',
          thereId: '',
          fields: [{ name: 'role', state: 'different', here: 'leader', there: '<b>worker</b>' }],
        },
      ],
    } as unknown as Histories)
    click('Workers')
    await vi.waitFor(() => expect(host.querySelector('tbody tr')?.textContent).toContain('<b>worker</b>'))
    expect(asked()).toMatchObject({ part: 'workers', offset: 0 })
    expect(host.querySelector('.ops-history-sides')?.textContent).toContain('sampled')
    host.querySelector('tbody tr')?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))
    await vi.waitFor(() => expect(document.querySelector('.modal')?.textContent).toContain('Role'))
    click('Runs by job')
  })

  it('take as many hours of the live environment as are asked for', async () => {
    show(open('live', false, true), open('bad', true))
    await vi.waitFor(() => expect(asked().liveHours).toBe(24))
    const hours = host.querySelector<HTMLSelectElement>('.ops-history-hours select')
    if (!hours) throw new Error('there are no hours to choose')
    hours.value = '6'
    hours.dispatchEvent(new Event('change'))
    await vi.waitFor(() => expect(asked().liveHours).toBe(6))
  })

  it('need two', () => {
    show(open('good', true, true))
    expect(host.textContent).toContain('There is nothing to compare with')
    expect(compareHistories).not.toHaveBeenCalled()
  })

  it('are in the navigation where there is an archive', () => {
    const compared = () =>
      navItems()
        .map(({ text }) => text)
        .filter((text) => text === 'nav.environments' || text === 'nav.histories')
    show(open('good', true, true))
    expect(compared()).toEqual(['nav.histories'])
    show(open('live', false, true))
    expect(compared()).toEqual(['nav.environments'])
    show(open('live', false, true), open('bad', true))
    expect(compared()).toEqual(['nav.environments', 'nav.histories'])
  })
})
