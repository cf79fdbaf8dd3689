import { html, render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { guardLeaving, isGuarded, mayLeave } from '../../src/lib/leave.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { differences, obvious } from '../../src/pages/jobedit/conflict.ts'
import { conflictView } from '../../src/pages/jobedit/conflictview.ts'
import { NEW_JOB } from '../../src/pages/jobedit/draft.ts'
import { type FormEvents, jobForm } from '../../src/pages/jobedit/form.ts'
import { createJsonEditor } from '../../src/ui/jsoneditor.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'

let life: AbortController
let host: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  life = new AbortController()
  host = document.createElement('form')
  document.body.append(host)
})
afterEach(() => {
  life.abort()
  host.remove()
})

const parts = () => ({
  args: document.createElement('div'),
  scheduleJson: document.createElement('div'),
  zone: document.createElement('div'),
})

function form(draft = NEW_JOB, errors: Record<string, string> = {}) {
  const change = vi.fn<FormEvents['change']>()
  render(
    jobForm({ draft, errors: new Map(Object.entries(errors)), composed: '' }, parts(), { change, leave: vi.fn() }),
    host,
  )
  const field = (name: string) => host.querySelector(`#job-${name}`) as HTMLInputElement
  return { change, field }
}

describe('the form of a job', () => {
  it('shows the fields of its kind only', () => {
    const shown = (kind: string) => {
      form({ ...NEW_JOB, schedule: { ...NEW_JOB.schedule, kind } })
      return ['n', 'minute', 'weekday', 'time', 'events'].filter((name) => host.querySelector(`#job-${name}`))
    }
    expect(shown('every_n_minutes')).toEqual(['n'])
    expect(shown('hourly')).toEqual(['minute'])
    expect(shown('daily')).toEqual(['time'])
    expect(shown('weekly')).toEqual(['weekday', 'time'])
    expect(shown('json')).toEqual([])
  })

  it('tells what is typed, as it is typed', () => {
    const { change, field } = form()
    field('timeout').value = 'soon'
    field('timeout').dispatchEvent(new Event('input'))
    expect(change).toHaveBeenLastCalledWith({ ...NEW_JOB, timeoutSeconds: 'soon' }, 'timeout')
    field('kind').value = 'weekly'
    field('kind').dispatchEvent(new Event('change'))
    expect(change.mock.lastCall?.[0].schedule).toMatchObject({ kind: 'weekly', weekday: '0' })
  })

  it('puts errors at their fields', () => {
    const { field } = form(NEW_JOB, { name: 'The job needs a name.' })
    expect(field('name').getAttribute('aria-invalid')).toBe('true')
    expect(field('name').getAttribute('aria-describedby')).toContain('job-name-error')
    expect(host.querySelector('#job-name-error')?.textContent).toBe('The job needs a name.')
    expect(field('command').getAttribute('aria-invalid')).toBe('false')
  })

  it('keeps a value that it does not know', () => {
    const { field } = form({ ...NEW_JOB, policy: 'queue' })
    expect(field('policy').value).toBe('queue')
  })
})

describe('two versions side by side', () => {
  it('let either be taken, and wait until all is decided', () => {
    const theirs = { ...NEW_JOB, name: 'theirs', timeoutSeconds: '9' }
    const yours = { ...NEW_JOB, name: 'yours', command: 'c' }
    const found = differences(NEW_JOB, theirs, yours)
    const choose = vi.fn()
    const events = { choose, apply: vi.fn(), later: vi.fn() }
    render(conflictView({ base: NEW_JOB, theirs, yours, found, chosen: obvious(found) }, events), host)
    const rows = [...host.querySelectorAll('tbody tr')]
    expect(rows.map((r) => r.querySelectorAll('input:checked').length)).toEqual([0, 1, 1])
    expect(host.querySelector<HTMLButtonElement>('.btn-primary')?.disabled).toBe(true)
    rows[0]?.querySelector('input')?.dispatchEvent(new Event('change'))
    expect(choose).toHaveBeenCalledWith('name', 'theirs')
    render(
      conflictView({ base: NEW_JOB, theirs, yours, found, chosen: { ...obvious(found), name: 'theirs' } }, events),
      host,
    )
    host.querySelector<HTMLButtonElement>('.btn-primary')?.click()
    expect(events.apply).toHaveBeenCalledOnce()
  })
})

describe.each(HOSTILE)('the text %j', (text) => {
  it('stays a text in the editor', () => {
    const schedule = {
      ...NEW_JOB.schedule,
      kind: text,
      n: text,
      time: text,
      weekday: text,
      timezone: text,
      eventTypes: [text],
      json: text,
    }
    const draft = {
      name: text,
      enabled: true,
      type: text,
      command: text,
      args: text,
      schedule,
      timeoutSeconds: text,
      maxRetries: text,
      backoffSeconds: text,
      policy: text,
    }
    const errors = new Map(['name', 'args', 'kind', 'json', 'timeout'].map((field) => [field, text]))
    const found = differences(NEW_JOB, draft, { ...draft, name: 'x', args: 'y' })
    const json = createJsonEditor(life.signal, { id: 'e', label: text, value: text, onInput: () => undefined })
    json.mark({ line: 1, column: 1, message: text })
    const view = (kind: string) =>
      html`${jobForm(
        { draft: { ...draft, schedule: { ...schedule, kind } }, errors, composed: text },
        { ...parts(), args: json.element },
        { change: () => undefined, leave: () => undefined },
      )}${conflictView({ base: NEW_JOB, theirs: draft, yours: { ...draft, schedule: { ...schedule, kind } }, found, chosen: {} }, { choose: () => undefined, apply: () => undefined, later: () => undefined })}`
    for (const kind of [text, 'weekly', 'event', 'json']) {
      render(view(kind), host)
      expect(intruders(host)).toEqual([])
    }
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
  })
})

describe('leaving unsaved work', () => {
  it('asks once, and not at all without any', async () => {
    expect(await mayLeave()).toBe(true)
    let answer: (leave: boolean) => void = () => undefined
    const ask = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)))
    guardLeaving(life.signal, ask)
    const first = mayLeave()
    expect(await mayLeave()).toBe(false)
    answer(true)
    expect(await first).toBe(true)
    expect(ask).toHaveBeenCalledOnce()
    life.abort()
    expect(isGuarded()).toBe(false)
  })
})
