import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Preview, Task } from '../../src/api/operations.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { menu } from '../../src/ui/menu.ts'
import { taskView } from '../../src/ui/operation/task.ts'
import { openOperation } from '../../src/ui/operation.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { dialogsGone } from './stage.ts'

let life = new AbortController()

beforeEach(() => setPreferences({ language: 'en', zone: 'utc' }))
afterEach(async () => {
  life.abort()
  life = new AbortController()
  await dialogsGone()
  for (const left of document.querySelectorAll('.notyf__toast')) left.remove()
})

const preview: Preview = {
  token: 'token-1',
  action: 'bulk.cancel',
  target: '9f2c',
  tier: 'dangerous',
  reversible: false,
  typedName: '40',
  touches: [{ key: 'bulk_eligible', count: 40, names: [] }],
  notes: [],
  epoch: '9',
  way: '',
  asOf: '2026-11-23T12:00:00Z',
}

function aTask(of: Partial<Task> = {}): Task {
  return {
    id: 'task-1',
    total: 40,
    handled: 0,
    counts: {},
    failures: [],
    stopping: false,
    stopped: false,
    over: false,
    reason: '',
    args: {},
    ...of,
  }
}

const outcome = {
  operationId: '',
  result: 'stale',
  reason: 'operation.run_over',
  accepted: 'none',
  written: 'no',
  observed: 'none',
  createdId: '',
  auditId: '',
  args: { run: '7', state: 'SUCCEEDED' },
}

async function begin() {
  let tell: (task: Task) => void = () => undefined
  const stop = vi.fn((_id: string) => Promise.resolve(aTask({ stopping: true })))
  const over = vi.fn()
  openOperation(life.signal, {
    title: 'Cancel many runs',
    verb: 'Cancel these runs',
    plan: () => Promise.resolve(preview),
    perform: () => Promise.resolve(aTask()),
    drop: () => undefined,
    task: { follow: (_task, fn) => (tell = fn), stop, over },
  })
  const dialog = () => document.querySelector<HTMLElement>('.modal')!
  const find = (name: string) => dialog().querySelector<HTMLInputElement>(`[name="${name}"]`)!
  await vi.waitFor(() => expect(find('reason')).not.toBeNull())
  for (const [name, value] of [
    ['reason', 'broken feed'],
    ['typedName', '40'],
  ] as const) {
    find(name).value = value
    find(name).dispatchEvent(new Event('input', { bubbles: true }))
  }
  dialog().querySelector<HTMLButtonElement>('.btn-danger')!.click()
  await vi.waitFor(() => expect(dialog().textContent).toContain('Going on…'))
  return { dialog, stop, over, tell: (task: Task) => tell(task) }
}

describe('a bulk operation', () => {
  it('shows how far it is, is stopped, and says how it ended', async () => {
    const { dialog, stop, over, tell } = await begin()
    tell(aTask({ handled: 10, counts: { done: 9, stale: 1 } }))
    const bar = dialog().querySelector('[role="progressbar"]')
    expect(bar?.getAttribute('aria-valuenow')).toBe('10')
    expect(dialog().textContent).toContain('10 of 40')
    const button = [...dialog().querySelectorAll('button')].find((b) => b.textContent?.trim() === 'Stop')
    button?.click()
    expect(stop).toHaveBeenCalledExactlyOnceWith('task-1')
    const failures = [{ runId: '7', name: '7', outcome }]
    tell(aTask({ handled: 12, counts: { done: 11, stale: 1 }, failures, stopped: true, over: true }))
    expect(dialog().textContent).toContain('Stopped.')
    expect(dialog().querySelector('a')?.getAttribute('href')).toBe('#/ops/runs/7/')
    expect(over).toHaveBeenCalledOnce()
    expect([...dialog().querySelectorAll('button')].some((b) => b.textContent?.trim() === 'Stop')).toBe(false)
  })

  it('says why nothing was begun', () => {
    const host = document.createElement('div')
    render(taskView(aTask({ over: true, reason: 'right.missing' })), host)
    expect(host.textContent).toContain('This takes a right that you don’t have.')
  })

  it.each(HOSTILE)('keeps the text %j a text', (text) => {
    const host = document.createElement('div')
    const failures = [
      {
        runId: text,
        name: text,
        outcome: { ...outcome, result: text, reason: text, args: { run: text, state: text } },
      },
      { runId: '', name: text, outcome },
      { runId: '', name: `promote_job ${text}`, outcome },
    ]
    render(taskView(aTask({ reason: text, failures, counts: { [text]: 3 } })), host)
    expect(intruders(host)).toEqual([])
  })
})

describe.each(HOSTILE)('a menu named %j', (text) => {
  it('has only buttons in it', () => {
    const host = document.createElement('div')
    const ran = vi.fn()
    render(menu(text, [{ label: text, icon: 'bi-stop', danger: true, run: ran }], { words: true }), host)
    expect(intruders(host)).toEqual([])
    host.querySelector<HTMLButtonElement>('.dropdown-item')?.click()
    expect(ran).toHaveBeenCalledOnce()
  })
})
