import { html, render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditEntry } from '../../src/api/audit.ts'
import type { ClusterEvent } from '../../src/api/events.ts'
import type { FailureGroup, FailureList } from '../../src/api/failures.ts'
import type { Reload, Setting, SettingList } from '../../src/api/settings.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { actionWords, splitAction } from '../../src/pages/audit/action.ts'
import { chainView } from '../../src/pages/audit/chain.ts'
import { auditColumns } from '../../src/pages/audit/columns.ts'
import { entryView } from '../../src/pages/audit/dialog.ts'
import { auditFields, auditRequest } from '../../src/pages/audit/filter.ts'
import { targetLink } from '../../src/pages/audit/links.ts'
import { openView } from '../../src/pages/audit/openops.ts'
import { eventColumns } from '../../src/pages/events/columns.ts'
import { eventView } from '../../src/pages/events/dialog.ts'
import { causeCell, causeColumns, causeLink } from '../../src/pages/failures/columns.ts'
import { createFilters, type Filter, filterOf } from '../../src/pages/lists/filters.ts'
import { createPaged, type Paged } from '../../src/pages/lists/paged.ts'
import { settingColumns, valueCell } from '../../src/pages/settings/columns.ts'
import { settingView } from '../../src/pages/settings/dialog.ts'
import { reloadNote } from '../../src/pages/settings/reload.ts'
import { boundsWords, defaultWords, truthy } from '../../src/pages/settings/words.ts'
import { type Column, createTable } from '../../src/ui/table.ts'
import { NOW } from './fixtures.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'

let life: AbortController
let host: HTMLElement
const now = new Date(NOW)

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  life = new AbortController()
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(() => {
  life.abort()
  host.remove()
  vi.useRealTimers()
})

const text = () => host.textContent?.replace(/\s+/g, ' ').trim() ?? ''

function aSetting(of: Partial<Setting> = {}): Setting {
  return {
    key: 'SCHEDULER_ASSIGN_AHEAD_SECONDS',
    known: true,
    group: 'assignment',
    type: 'integer',
    default: '60',
    min: '1',
    max: '',
    choices: [],
    restart: false,
    django: false,
    design: false,
    secret: false,
    editable: true,
    stored: true,
    hidden: false,
    readable: true,
    value: '90',
    updated: '2026-11-23T10:00:00Z',
    ...of,
  }
}

function aReload(of: Partial<Reload> = {}): Reload {
  return {
    id: '4',
    requestedBy: 'admin',
    requestedAt: '2026-11-23T11:59:50Z',
    status: 'APPLIED',
    appliedAt: '2026-11-23T11:59:51Z',
    leaderId: 'w-1',
    leaderEpoch: '9',
    ok: 2,
    total: 3,
    unreadable: false,
    targets: [],
    ...of,
  }
}

const aList = (of: Partial<SettingList> = {}): SettingList => ({
  settings: [],
  reloads: [aReload()],
  leader: 'w-1',
  asOf: NOW,
  ...of,
})

function anEntry(of: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: '7',
    actor: 'admin',
    action: 'setting.set',
    target: 'SCHEDULER_X',
    at: NOW,
    detail: '{"value": 1}',
    size: 12,
    written: '',
    chain: '',
    ...of,
  }
}

function anEvent(of: Partial<ClusterEvent> = {}): ClusterEvent {
  return {
    id: '5',
    type: 'order.placed',
    payload: '{"order": "A-1"}',
    size: 16,
    dedupeKey: 'A-1',
    createdAt: NOW,
    processedAt: '2026-11-23T12:00:02Z',
    runs: [{ id: '9', jobId: '3', jobName: 'follow up', state: 'SUCCEEDED' }],
    ...of,
  }
}

function aGroup(of: Partial<FailureGroup> = {}): FailureGroup {
  return {
    cause: 'no disk left for order {n} at {path}',
    state: 'FAILED',
    runs: 6,
    first: '2026-11-23T10:00:00Z',
    last: '2026-11-23T11:00:00Z',
    firstMade: '2026-11-23T09:59:00.123456Z',
    lastMade: '2026-11-23T10:59:00.123456Z',
    lastRunId: '8',
    lastError: 'exit_code=1\nno disk left for order 7 at /x',
    exitCode: 1,
    jobs: [{ id: '3', name: 'billing', runs: 6 }],
    perBucket: [0, 2, 4],
    searchText: 'no disk left for order',
    ...of,
  }
}

const aFailureList = (groups: FailureGroup[]): FailureList => ({
  from: NOW,
  to: NOW,
  bucketMs: 1,
  groups,
  runs: 12,
  capped: false,
  oldest: NOW,
  others: 0,
  otherRuns: 0,
  asOf: NOW,
})

describe('a setting', () => {
  it.each([
    [{}, '90'],
    [{ stored: false, readable: false, value: '', updated: '' }, '–'],
    [{ secret: true, readable: false, value: '' }, 'set, not shown'],
    [{ secret: true, stored: false, hidden: true, readable: false, value: '' }, 'hidden from you'],
    [{ readable: false, value: '' }, 'too long to show'],
    [{ type: 'boolean', value: '0' }, 'Off'],
    [{ type: 'text', value: '' }, '(empty)'],
    [
      { failure: new Failure('invalid', 'settings.too_small', '', { min: '1' }), value: '0' },
      '0 Processes can’t use it: The smallest value is 1.',
    ],
  ] as [Partial<Setting>, string][])('with %j shows %s', (of, words) => {
    render(valueCell(aSetting(of)), host)
    expect(text()).toBe(words)
  })

  it('says its bounds and its default in words', () => {
    expect(boundsWords(aSetting({ min: '1', max: '50' }))).toBe('1 to 50')
    expect(boundsWords(aSetting())).toBe('at least 1')
    expect(boundsWords(aSetting({ min: '', max: '9' }))).toBe('at most 9')
    expect(boundsWords(aSetting({ type: 'choice', choices: ['local', 'k8s'] }))).toBe('local, k8s')
    expect(defaultWords(aSetting({ type: 'boolean', default: 'true' }))).toBe('On')
    expect(defaultWords(aSetting({ default: '' }))).toBe('(empty)')
    expect(defaultWords(aSetting({ known: false }))).toBe('')
  })

  it('reads truth values as processes do', () => {
    expect(['', '0', 'false', 'False', 'no', 'No'].map(truthy)).toEqual(Array(6).fill(false))
    expect(['1', 'true', 'yes', 'off'].map(truthy)).toEqual(Array(4).fill(true))
  })

  it('tells that its own value can’t be seen while nothing is stored', () => {
    render(settingView(aSetting({ stored: false, readable: false, value: '', updated: '' }), now), host)
    expect(text()).toContain('Opsdeck can’t see a process’s environment.')
    expect(text()).toContain('How long before its time a run is made')
  })
})

describe('the latest request to apply settings', () => {
  const note = (list: SettingList) => {
    render(
      reloadNote(list, now, () => undefined),
      host,
    )
    return text()
  }

  it('says how many workers took them over', () => {
    expect(note(aList())).toContain('2 of 3 workers took them over')
    expect(note(aList({ reloads: [] }))).toContain('never been applied')
    expect(note(aList({ reloads: [aReload({ unreadable: true })] }))).toContain('can’t be read')
  })

  it('says that nobody sees to it where nobody leads', () => {
    const waiting = aReload({ status: 'PENDING', requestedAt: '2026-11-23T11:58:00Z' })
    expect(note(aList({ reloads: [waiting], leader: '' }))).toContain('Nobody leads the cluster')
    expect(note(aList({ reloads: [waiting] }))).toContain('although w-1 leads')
    expect(note(aList({ reloads: [waiting], leader: undefined }))).toContain('Redis does not say who leads')
    expect(note(aList({ reloads: [aReload({ status: 'PENDING' })] }))).toContain('at its next tick')
  })
})

describe('the audit', () => {
  it.each([
    ['worker.detach.succeeded', { name: 'worker.detach', result: 'succeeded' }],
    ['job.delete', { name: 'job.delete', result: '' }],
    ['job.unknown', { name: 'job.unknown', result: '' }],
    ['setting.set.refused', { name: 'setting.set', result: 'refused' }],
    ['', { name: '', result: '' }],
    ['.failed', { name: '.failed', result: '' }],
  ])('splits %j', (action, parts) => expect(splitAction(action)).toEqual(parts))

  it('says actions in words, and those that nobody knows as they are', () => {
    expect(actionWords('leader.degrade.unknown')).toBe('Degrade Leader (Unknown)')
    expect(actionWords('custom.thing')).toBe('custom.thing')
  })

  it.each([
    ['job.delete', '7', '#/ops/jobs/7/'],
    ['job_run.cancel.requested', '12', '#/ops/runs/12/'],
    ['job_run.cancel', '12; drop', undefined],
    ['worker.detach', 'w:1/x', '#/ops/workers/w%3A1%2Fx/'],
    ['setting.set', 'SCHEDULER_X', '#/ops/settings/?key=SCHEDULER_X'],
    ['setting.apply', '4', '#/ops/settings/'],
    ['event.ingest', '5', '#/ops/events/?event=5'],
    ['leader.degrade', 'w-1', '#/ops/'],
    ['user.create', '3', undefined],
    ['job.delete', '', undefined],
  ])('leads from %s of %j to %j', (action, target, link) => expect(targetLink(action, target)).toBe(link))
})

describe('how the audit is guarded', () => {
  const chain = { installed: true, complete: true, seal: '12', digest: 'ab', sealedAt: NOW, sealedBy: 'admin' }
  const verdict = {
    ok: false,
    full: true,
    checked: 900,
    problem: 'row.changed',
    auditId: '77',
    login: 'scheduler',
    actor: '',
    place: '4',
    seal: '12',
    digest: 'ab',
    asOf: NOW,
  }
  const show = (state: Parameters<typeof chainView>[0]) => {
    const events = { verify: vi.fn(), open: vi.fn() }
    render(chainView(state, now, events), host)
    return events
  }

  it('says that nothing proves it where there is no gate', () => {
    show({ chain: { ...chain, installed: false }, verifying: false })
    expect(text()).toContain('nothing proves them')
    expect(host.querySelector('button')).toBeNull()
  })

  it('says how far it is sealed, and verifies what is new or all of it', () => {
    const events = show({ chain, verifying: false })
    expect(text()).toContain('sealed up to no. 12')
    for (const button of host.querySelectorAll('button')) button.click()
    expect(events.verify.mock.calls).toEqual([[false], [true]])
    show({ chain: { ...chain, complete: false, seal: '' }, verifying: true })
    expect(text()).toContain('not guarded yet not sealed yet Verifying…')
  })

  it('names the first entry that does not fit, and leads to it', () => {
    const events = show({ chain, verdict, verifying: false })
    expect(host.querySelector('[role="alert"]')?.textContent).toContain('changed after it was written')
    expect(text()).toContain('On the chain of (no name) (login scheduler), place 4.')
    ;[...host.querySelectorAll('button')].find((b) => b.textContent?.includes('77'))?.click()
    expect(events.open).toHaveBeenCalledWith('77')
  })

  it('says that all is well, and since when', () => {
    show({ chain, verdict: { ...verdict, ok: true, full: false, problem: '', checked: 1 }, verifying: false })
    expect(text()).toContain('1 entry since the last seen seal is as it was written.')
  })

  it('raises an alarm when the seal that was seen is gone', () => {
    show({ chain, doubt: 'seal.missing', verifying: false })
    expect(host.querySelector('[role="alert"]')?.textContent).toContain('A seal that was there is gone')
    show({ failure: new Failure('unavailable', 'audit.verify_timeout', ''), verifying: false })
    expect(text()).toContain('opsctl audit verify')
  })
})

describe('operations that were never finished', () => {
  const open = {
    id: 'u-1',
    action: 'worker.drain',
    target: 'w-1',
    actor: 'admin',
    login: 'admin',
    reason: 'kernel',
    epoch: '9',
    begunAt: NOW,
    ageMs: 90_000,
    going: false,
    unknown: false,
  }

  it('are listed with who began them; nothing stands there without any', () => {
    render(openView({ operations: [], asOf: NOW }, new Set(), vi.fn()), host)
    expect(text()).toBe('')
    render(openView({ operations: [open, { ...open, id: 'u-2', going: true }], asOf: NOW }, new Set(), vi.fn()), host)
    expect(text()).toContain('2 operations were begun and never finished')
    expect(text()).toContain('Drain worker')
    expect(text()).toContain('still under way')
    // Nobody who may operate is logged in here.
    expect(host.querySelector('button')).toBeNull()
  })
})

describe('the filters', () => {
  function bar(initial: Filter = {}) {
    const changed = vi.fn<(filter: Filter) => void>()
    const made = createFilters(life.signal, 'f', auditFields(), initial, changed)
    host.append(made.element)
    const field = (name: string) => made.element.elements.namedItem(name) as HTMLInputElement
    return { changed, made, field }
  }

  it('come from the address, as far as it can be read', () => {
    const query = new URLSearchParams('actor=a&action=job.delete,job.run&from=2026-11-23&before=nonsense&other=1')
    const filter = filterOf(query, auditFields())
    expect(filter).toEqual({
      actor: 'a',
      action: 'job.delete,job.run',
      from: '2026-11-23T00:00:00.000Z',
      range: 'custom',
    })
    expect(filterOf(new URLSearchParams('range=century'), auditFields())).toEqual({})
    const { field, made } = bar(filter)
    expect(field('actor').value).toBe('a')
    expect(field('from').value).toBe('2026-11-23T00:00')
    expect(made.element.querySelector('.ops-states')?.textContent).toContain('2 actions')
    expect(auditRequest(filter, now).actions).toEqual(['job.delete', 'job.run'])
  })

  it('wait until typing rests, keep what is typed, and are cleared at once', () => {
    vi.useFakeTimers()
    const { changed, field, made } = bar()
    field('actor').value = 'ad'
    field('actor').dispatchEvent(new Event('input', { bubbles: true }))
    vi.advanceTimersByTime(300)
    field('actor').value = 'admin'
    field('actor').dispatchEvent(new Event('input', { bubbles: true }))
    vi.advanceTimersByTime(400)
    expect(changed.mock.calls).toEqual([[{ actor: 'admin' }]])
    expect(field('actor').value).toBe('admin')
    made.element.querySelector<HTMLButtonElement>('.ops-filter-clear button')?.click()
    expect(changed.mock.lastCall).toEqual([{}])
    expect(field('actor').value).toBe('')
  })

  it('offer many choices, the chosen ones of the address among them', () => {
    const { changed, made } = bar({ action: 'gone.action' })
    made.offer('action', [{ value: 'job.delete', label: 'Delete job' }])
    const labels = [...made.element.querySelectorAll('.ops-many label')]
    expect(labels.map((l) => l.textContent?.trim())).toEqual(['gone.action', 'Delete job'])
    labels[1]?.querySelector('input')?.click()
    expect(changed.mock.lastCall).toEqual([{ action: 'gone.action,job.delete' }])
  })

  it('say at the field why they were refused', () => {
    const { made, field } = bar()
    made.refuse('text', 'too long')
    expect(field('text').getAttribute('aria-invalid')).toBe('true')
    expect(made.element.textContent).toContain('too long')
  })
})

describe('a list in pages', () => {
  const page = (of: Partial<Paged<string>>): Paged<string> => ({
    rows: ['a', 'b'],
    older: 'older',
    newer: '',
    reached: '',
    asOf: NOW,
    ...of,
  })

  function list(answers: Record<string, Paged<string> | Failure>, filtered = true) {
    const asked: string[] = []
    const made = createPaged<string>(host, life.signal, {
      id: 'paged',
      label: 'Rows',
      columns: [{ key: 'v', title: 'v', value: (v) => v }],
      key: (v) => v,
      open: () => undefined,
      topic: 'audit',
      every: 1000,
      async read(cursor) {
        asked.push(cursor)
        const answer = answers[cursor]
        if (answer instanceof Failure) throw answer
        return answer ?? page({})
      },
      moved: () => undefined,
      filtered: () => filtered,
      clear: () => undefined,
      refuse: (failure) => failure.reason === 'list.long_text',
      lastTyped: () => Number.NEGATIVE_INFINITY,
      empty: { kind: 'empty', title: 'Nothing at all' },
    })
    return { made, asked }
  }

  it('goes to the next page and back to the newest', async () => {
    const { made, asked } = list({
      older: page({ rows: ['c'], older: '', newer: 'newer' }),
      newer: page({ newer: '' }),
    })
    made.go('')
    await vi.waitFor(() => expect(text()).toContain('2 rows'))
    host.querySelector<HTMLButtonElement>('[data-ops-turn="next"]')?.click()
    await vi.waitFor(() => expect(text()).toContain('1 row'))
    host.querySelector<HTMLButtonElement>('[data-ops-turn="previous"]')?.click()
    await vi.waitFor(() => expect(asked).toEqual(['', 'older', 'newer', '']))
  })

  it('says how far a search came that was stopped, and goes on', async () => {
    const { made, asked } = list({
      '': page({ rows: [], reached: 'May' }),
      older: page({ rows: ['z'], older: '', newer: 'newer' }),
    })
    made.go('')
    await vi.waitFor(() => expect(text()).toContain('Searched back to May.'))
    const goOn = [...host.querySelectorAll('button')].find((b) => b.textContent?.includes('Search on'))
    goOn?.click()
    await vi.waitFor(() => expect(text()).toContain('z'))
    expect(asked.slice(0, 2)).toEqual(['', 'older'])
  })

  it.each([
    ['a filter', new Failure('invalid', 'list.long_text', 'no'), 'The filters can’t be used as they are'],
    ['a place', new Failure('invalid', 'list.bad_cursor', 'no'), 'This place in the list can’t be read'],
    ['an unreachable server', new Failure('unavailable', 'x', 'gone'), 'No answer'],
  ])('shows that %s was refused', async (_, failure, words) => {
    list({ '': failure }).made.go('')
    await vi.waitFor(() => expect(text()).toContain(words))
  })

  it('tells an empty list from one that was narrowed', async () => {
    list({ '': page({ rows: [] }) }, false).made.go('')
    await vi.waitFor(() => expect(text()).toContain('Nothing at all'))
  })
})

describe('a cause', () => {
  it('shows what stands for the parts that differ', () => {
    render(causeCell('order {n} at {path} of {user}'), host)
    expect(text()).toBe('order number at path of {user}')
    expect(host.querySelectorAll('.ops-blank').length).toBe(2)
  })

  it('leads to its runs and to no others of its state, time and job', () => {
    expect(decodeURIComponent(causeLink(aGroup()).replaceAll('+', ' '))).toBe(
      '#/ops/runs/?state=FAILED&job=3&from=2026-11-23T09:59:00.123Z&before=2026-11-23T10:59:00.124Z&error=no disk left for order',
    )
    const jobs = [
      { id: '3', name: 'a', runs: 1 },
      { id: '4', name: 'b', runs: 1 },
    ]
    expect(causeLink(aGroup({ jobs, searchText: '' }))).not.toMatch(/job=|error=/)
    expect(causeLink(aGroup({ jobs }), '4')).toContain('job=4')
  })
})

/** Puts rows through the real table with every column shown. */
function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
  createTable<Row>(host, life.signal, {
    id: `hostile-${columns[0]?.key}`,
    label: 'rows',
    columns: columns.map((c) => ({ ...c, hidden: false })),
    key: (row) => String(rows.indexOf(row)),
    empty: { kind: 'empty', title: 'none' },
  }).update(rows)
}

describe.each(HOSTILE)('the text %j', (hostile) => {
  const setting = () =>
    aSetting({
      key: hostile,
      known: false,
      group: hostile,
      type: 'choice',
      default: hostile,
      min: hostile,
      choices: [hostile],
      value: hostile,
      failure: new Failure('invalid', hostile, hostile),
      help: { title: hostile, description: hostile, impact: hostile, examples: [hostile] },
      change: { actor: hostile, action: hostile, at: NOW, auditId: hostile },
    })
  const entry = () =>
    anEntry({
      actor: hostile,
      action: hostile,
      target: hostile,
      detail: JSON.stringify({ [hostile]: hostile }),
      written: hostile,
      chain: hostile,
    })
  const event = () =>
    anEvent({
      type: hostile,
      payload: JSON.stringify([hostile]),
      dedupeKey: hostile,
      runs: [{ id: hostile, jobId: hostile, jobName: hostile, state: hostile }],
    })
  const group = () =>
    aGroup({
      cause: `${hostile} {n} ${hostile}`,
      state: hostile,
      lastRunId: hostile,
      jobs: [{ id: hostile, name: hostile, runs: 1 }],
      searchText: hostile,
    })

  it.each([
    [
      'settings',
      () =>
        table(
          settingColumns(() => undefined),
          [{ setting: setting(), now }],
        ),
    ],
    [
      'audit',
      () =>
        table(
          auditColumns(() => undefined),
          [{ entry: entry(), now }],
        ),
    ],
    [
      'events',
      () =>
        table(
          eventColumns(() => undefined),
          [{ event: event(), now }],
        ),
    ],
    ['failures', () => table(causeColumns(), [{ group: group(), list: aFailureList([group()]), now }])],
    ['dialogs', () => render(html`${settingView(setting(), now)}${entryView(entry())}${eventView(event())}`, host)],
    [
      'requests',
      () => {
        const reload = aReload({ requestedBy: hostile, status: hostile, leaderId: hostile })
        render(
          reloadNote(aList({ reloads: [reload, reload], leader: hostile }), now, () => undefined),
          host,
        )
      },
    ],
  ] as [string, () => void][])('stays a text on the screen of %s', (_, show) => {
    show()
    for (const drawn of host.querySelectorAll('svg.ops-spark')) drawn.remove() // our own
    expect(intruders(host)).toEqual([])
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
    for (const link of host.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^#\/ops\//)
    expect(text().length).toBeGreaterThan(1)
  })
})
