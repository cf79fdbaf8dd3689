import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBell } from '../../src/app/bell.ts'
import { startLive } from '../../src/lib/live.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { watchButton } from '../../src/pages/watching/button.ts'
import { watchingPage } from '../../src/pages/watching.ts'
import { dialogsGone } from './stage.ts'

const go = vi.hoisted(() => ({
  news: { items: [] as unknown[], seen: 0, told: 0 },
  list: { possible: true, watches: [] as unknown[], outside: true, everySec: 10, idleMinutes: 30 } as Record<
    string,
    unknown
  >,
  announced: [] as Record<string, unknown>[],
  calls: [] as unknown[],
  archive: undefined as object | undefined,
  tell: (_: { seq: number; topics: string[]; queries: number }): void => undefined,
}))

vi.mock('../../wailsjs/go/desktop/Watches', () => ({
  News: async () => go.news,
  List: async () => go.list,
  Seen: async ({ seq }: { seq: number }) => {
    go.news = { ...go.news, seen: seq }
  },
  Announce: async (a: Record<string, unknown>) => void go.announced.push(a),
  Set: async (w: unknown) => void go.calls.push(['set', w]),
  Remove: async (w: unknown) => void go.calls.push(['remove', w]),
}))
vi.mock('../../src/api/session.ts', () => ({ session: () => ({ environment: { archive: go.archive } }) }))

startLive({
  subscribe: (fn) => {
    go.tell = fn
  },
  setVisible: () => undefined,
})

let seq = 0
const change = (...topics: string[]) => go.tell({ seq: ++seq, topics, queries: -1 })

function item(n: number, of: Record<string, unknown> = {}): unknown {
  return {
    seq: n,
    at: '2026-11-23T12:00:00Z',
    what: 'run_failed',
    runId: String(n),
    jobName: 'billing',
    state: 'FAILED',
    worker: '',
    was: '',
    minutes: 0,
    environment: 'tokyo',
    name: 'Tokyo <b>bold</b>',
    kind: 'production',
    color: '',
    ...of,
  }
}

let life = new AbortController()
const toasts = () => [...document.querySelectorAll('.notyf__toast')].map((toast) => toast.textContent)

beforeEach(() => {
  setPreferences({ language: 'en' })
  go.news = { items: [], seen: 0, told: 0 }
  go.list = { possible: true, watches: [], outside: true, everySec: 10, idleMinutes: 30 }
  go.announced = []
  go.calls = []
  go.archive = undefined
})
afterEach(async () => {
  life.abort()
  await dialogsGone()
  life = new AbortController()
  document.body.replaceChildren()
})

describe('the bell', () => {
  it('tells of what is new once, with its environment first, and of hostile names as text', async () => {
    const bell = createBell(life.signal)
    document.body.append(bell.element)
    await vi.waitFor(() => expect(bell.element.textContent).toContain('Nothing has happened'))
    go.news = { ...go.news, items: [item(1, { jobName: '<img src=x>\u202e' })] }
    change('news')
    await vi.waitFor(() => expect(go.announced.length).toBe(1))
    const [said] = go.announced
    expect(said).toMatchObject({
      seq: 1,
      title: '[Production] Tokyo <b>bold</b>',
      body: 'Run 1 of <img src=x>⟨RLO⟩ failed.',
      route: '/ops/runs/1/',
      urgent: false,
    })
    expect(toasts().length).toBe(1)
    expect(toasts()[0]).toContain('[Production] Tokyo')
    expect(document.querySelector('img, .notyf b, .ops-bell b')).toBeNull()
    expect(bell.element.querySelector('button')?.getAttribute('aria-label')).toBe('What has happened: 1 new')
    change('news')
    await vi.waitFor(() => expect(bell.element.querySelector('.ops-bell-new')).not.toBeNull())
    expect(go.announced.length).toBe(1)
    bell.element.dispatchEvent(new Event('hidden.bs.dropdown'))
    expect(go.news.seen).toBe(1)
  })

  it('groups what came together, and leads to all of it', async () => {
    createBell(life.signal)
    go.news = {
      ...go.news,
      items: [item(7, { what: 'leader_lost', runId: '', worker: 'w-1' }), ...[6, 5, 4, 3, 2].map((n) => item(n))],
    }
    change('news')
    await vi.waitFor(() => expect(go.announced.length).toBe(1))
    expect(go.announced[0]).toMatchObject({ seq: 7, route: '/ops/watching/', urgent: true })
    expect(String(go.announced[0]?.['body']).split('\n')).toEqual([
      'Nobody leads. The leader was w-1.',
      'Run 6 of billing failed.',
      'Run 5 of billing failed.',
      'And 3 more.',
    ])
  })

  it('does not tell again what a page before it has told', async () => {
    go.news = { items: [item(2), item(1)], seen: 0, told: 2 }
    const bell = createBell(life.signal)
    document.body.append(bell.element)
    await vi.waitFor(() => expect(bell.element.querySelectorAll('.ops-bell-item').length).toBe(2))
    expect(go.announced).toEqual([])
    expect(toasts()).toEqual([])
  })

  it('has no place while an archive is shown', async () => {
    go.archive = {}
    const bell = createBell(life.signal)
    expect(bell.element.hidden).toBe(true)
  })
})

describe('the screen of what is watched', () => {
  const open = () => {
    const host = document.createElement('div')
    document.body.append(host)
    watchingPage(host, life.signal, { path: {}, query: new URLSearchParams() })
    return host
  }
  const watched = (of: Record<string, unknown>) => ({
    kind: 'job',
    id: '3',
    name: 'billing',
    fails: true,
    ends: false,
    lateMinutes: 5,
    ...of,
  })

  it('says what is told of each, and stops', async () => {
    go.list = {
      ...go.list,
      watches: [watched({}), watched({ kind: 'leader', id: '', name: '', fails: false, lateMinutes: 0 })],
    }
    const host = open()
    await vi.waitFor(() => expect(host.querySelectorAll('tbody tr').length).toBe(2))
    expect(host.textContent).toContain('a run fails or times out; a run starts more than 5 minutes late')
    expect(host.textContent).toContain('closed when nobody has used the window for 30 minutes')
    expect(host.querySelector('.ops-callout')).toBeNull()
    host.querySelector<HTMLButtonElement>('[aria-label="Stop watching billing"]')?.click()
    await vi.waitFor(() => expect(go.calls).toEqual([['remove', { kind: 'job', id: '3' }]]))
  })

  it('says that there is nobody to tell outside of the window, and why the list is empty', async () => {
    go.list = {
      ...go.list,
      outside: false,
      error: { code: 'invalid', reason: 'watch.unreadable', args: { file: 'a.watch.json' }, message: 'x' },
    }
    const host = open()
    await vi.waitFor(() => expect(host.querySelectorAll('.ops-callout').length).toBe(2))
    expect(host.textContent).toContain('in this window alone')
    expect(host.textContent).toContain('a.watch.json')
  })

  it('takes what has happened as seen', async () => {
    go.news = { items: [item(4)], seen: 3, told: 4 }
    const host = open()
    await vi.waitFor(() => expect(host.querySelector('.ops-news-list a')?.getAttribute('href')).toBe('#/ops/runs/4/'))
    expect(go.news.seen).toBe(4)
  })
})

describe('a button that watches', () => {
  it('watches a run with the name of its job', async () => {
    const button = watchButton(life.signal, { kind: 'run', id: '7' })
    button.update('billing')
    await vi.waitFor(() => expect(button.element.querySelector('button')?.getAttribute('aria-pressed')).toBe('false'))
    button.element.querySelector('button')?.click()
    const run = { kind: 'run', id: '7', name: 'billing', fails: false, ends: false, lateMinutes: 0 }
    await vi.waitFor(() => expect(go.calls).toEqual([['set', run]]))
    go.list = { ...go.list, watches: [run] }
    change('watches')
    await vi.waitFor(() => expect(button.element.textContent).toContain('Watching'))
    go.list = { ...go.list, watches: [] }
    change('watches')
    button.update('billing', true)
    await vi.waitFor(() => expect(button.element.querySelector('button')).toBeNull())
  })

  it('asks what to tell of a job', async () => {
    const button = watchButton(life.signal, { kind: 'job', id: '3' })
    button.update('billing')
    await vi.waitFor(() => expect(button.element.querySelector('button')).not.toBeNull())
    button.element.querySelector('button')?.click()
    await vi.waitFor(() => expect(document.querySelector('.modal.show')).not.toBeNull())
    document.querySelector<HTMLInputElement>('#ops-watch-late')?.click()
    document.querySelector<HTMLButtonElement>('.modal [type="submit"]')?.click()
    await vi.waitFor(() =>
      expect(go.calls).toEqual([
        ['set', { kind: 'job', id: '3', name: 'billing', fails: true, ends: false, lateMinutes: 5 }],
      ]),
    )
  })

  it('is not there in an archive', async () => {
    go.archive = {}
    expect(watchButton(life.signal, { kind: 'leader', id: '' }).element.childElementCount).toBe(0)
  })
})
