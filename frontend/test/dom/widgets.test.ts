import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { visible } from '../../src/lib/hostile.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { environment, role, runState } from '../../src/ui/badge.ts'
import { alternative } from '../../src/ui/chart/alternative.ts'
import { confirm } from '../../src/ui/confirm.ts'
import { face } from '../../src/ui/face.ts'
import { fieldError, showFieldErrors } from '../../src/ui/form.ts'
import { showText } from '../../src/ui/log/lines.ts'
import { notifyError, notifySuccess } from '../../src/ui/notify.ts'
import { runLink, workerLink } from '../../src/ui/routes.ts'
import { foreign, time } from '../../src/ui/text.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { dialogsGone } from './stage.ts'

let life = new AbortController()
let host: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(async () => {
  life.abort()
  life = new AbortController()
  // Notyf's container is made once and stays.
  await dialogsGone()
  for (const left of document.querySelectorAll('.notyf__toast')) left.remove()
  host.remove()
})

describe.each(HOSTILE)('the text %j', (text) => {
  it.each([
    ['as foreign text', () => foreign(text)],
    ['as a state', () => runState(text)],
    ['as a role', () => role(text)],
    ['as an environment', () => environment(text, text)],
    ['as a link to a run', () => runLink(text)],
    ['as a link to a worker', () => workerLink(text)],
    ['as a time', () => time(text)],
    ['as a face', () => face({ kind: 'failed', title: text, text })],
    [
      'as numbers of a chart',
      () =>
        alternative(text, { kind: 'names', names: [text], series: [{ name: text, token: '--ops-fg', values: [1] }] }),
    ],
  ])('stays a text %s', (_, template) => {
    render(template(), host)
    expect(intruders(host)).toEqual([])
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
  })

  it('stays a text in a notice', () => {
    notifyError(text)
    notifySuccess(text)
    const shown = [...document.querySelectorAll('.ops-toast-text')].map((e) => e.textContent)
    expect(shown).toEqual([visible(text), visible(text)])
    expect(intruders(document)).toEqual([])
  })

  it('stays a text in a log', async () => {
    showText(host, life.signal, `${text}\n${text}`, { label: text, copy: () => undefined })
    await vi.waitFor(() => expect(host.querySelector('[data-row]')).not.toBeNull())
    expect(intruders(host)).toEqual([])
  })

  it('stays a text at a field', () => {
    const field = document.createElement('input')
    field.name = 'x'
    host.append(field)
    fieldError(field, text)
    expect(intruders(host)).toEqual([])
    expect(host.querySelector('.invalid-feedback')?.textContent).toBe(text)
  })
})

describe('a badge', () => {
  it('has a shape and a word', () => {
    render(runState('FAILED'), host)
    expect(host.querySelector('.bi-x-octagon-fill')).not.toBeNull()
    expect(host.textContent?.trim()).toBe('Failed')
  })

  it('shows a state that nobody knows as it is', () => {
    render(runState('HALF_DONE'), host)
    expect(host.textContent?.trim()).toBe('HALF_DONE')
    expect(host.querySelector('.ops-run-unknown')).not.toBeNull()
  })

  it.each(['sandbox', 'development', 'staging', 'production'])(
    'tells a %s environment by shape, word and colour',
    (kind) => {
      render(environment(kind, 'tokyo'), host)
      expect(host.querySelector(`.ops-environment-${kind} .bi`)).not.toBeNull()
      expect(host.querySelector('.ops-environment-kind')?.textContent?.toLowerCase()).toBe(kind)
      expect(host.querySelector('.ops-environment-name')?.textContent).toBe('tokyo')
    },
  )
})

describe('a time', () => {
  it('always carries its offset', () => {
    render(time('2026-11-23T13:58:01.123Z'), host)
    expect(host.textContent?.replace(/\s+/g, ' ').trim()).toBe('2026-11-23 13:58:01UTC')
    expect(host.querySelector('time')?.title).toBe('2026-11-23 13:58:01.123 UTC')
  })

  it('leaves out the date of the same day where it says how long ago it was', () => {
    render(time('2026-11-23T13:58:01Z', { age: new Date('2026-11-23T13:58:04Z') }), host)
    expect(host.textContent).not.toContain('2026')
    expect(host.textContent).toContain('3 sec. ago')
  })
})

describe('confirm', () => {
  const dialog = () => document.querySelector<HTMLElement>('.modal')
  const ask = () => confirm(life.signal, { title: 'Stop?', body: 'It stops.', verb: 'Stop it', danger: true })

  it('is true only for its verb', async () => {
    const answer = ask()
    await vi.waitFor(() => expect(dialog()?.classList).toContain('show'))
    dialog()!.querySelector<HTMLButtonElement>('.btn-danger')!.click()
    expect(await answer).toBe(true)
    expect(dialog()).toBeNull()
  })

  it('is false when the page is left', async () => {
    const answer = ask()
    await vi.waitFor(() => expect(dialog()?.classList).toContain('show'))
    life.abort()
    expect(await answer).toBe(false)
  })

  it('is false when Escape comes before it has come in', async () => {
    const answer = ask()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(await answer).toBe(false)
    expect(dialog()).toBeNull()
  })

  it('is false when the page is left before it has come in', async () => {
    const answer = ask()
    life.abort()
    expect(await answer).toBe(false)
    expect(dialog()).toBeNull()
  })
})

describe('a form', () => {
  it('shows errors at their fields, goes to the first, and takes one away when it is corrected', () => {
    const form = document.createElement('form')
    for (const name of ['from', 'to']) {
      const field = document.createElement('input')
      field.name = name
      form.append(field)
    }
    host.append(form)
    expect(showFieldErrors(form, { to: 'Too early', other: 'Elsewhere' })).toEqual(['other'])
    const to = form.elements.namedItem('to') as HTMLInputElement
    expect(document.activeElement).toBe(to)
    expect(to.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(to.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Too early')
    to.dispatchEvent(new Event('input'))
    expect(to.getAttribute('aria-invalid')).toBeNull()
    expect(form.querySelector('.invalid-feedback')).toBeNull()
  })
})

describe('a notice', () => {
  it('says what kind it is beside its text', () => {
    notifyError('Redis is away')
    const toast = document.querySelector('.ops-toast-error')
    expect(toast?.querySelector('.notyf__message')?.textContent).toBe('Failed')
    expect(toast?.querySelector('.ops-toast-text')?.textContent).toBe('Redis is away')
  })

  it('is announced whole, from a region with a name, and is closed by a button with one', () => {
    notifyError('Redis is away')
    const region = document.querySelector('.notyf')
    expect(region?.getAttribute('role')).toBe('region')
    expect(region?.getAttribute('aria-label')).toBe('Notices')
    expect(region?.getAttribute('aria-live')).toBe('polite')
    expect(document.querySelector('.notyf-announcer')).toBeNull()
    const buttons = [...document.querySelectorAll('.notyf__dismiss-btn')]
    expect(buttons.map((b) => b.getAttribute('aria-label'))).toContain('Close')
    expect(buttons.every((b) => b.hasAttribute('aria-label'))).toBe(true)
  })
})
