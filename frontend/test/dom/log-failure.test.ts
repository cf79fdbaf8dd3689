import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LogState } from '../../src/api/logs.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { logFailure } from '../../src/pages/run/logfailure.ts'
import { brokenText } from '../../src/pages/run/logwords.ts'
import { HOSTILE, intruders } from './hostile-strings.ts'
import { dialogsGone } from './stage.ts'

const opened = vi.hoisted(() => vi.fn())
const environment = vi.hoisted(() => ({ id: 'prod-1' }))
vi.mock('../../src/api/bridge.ts', () => ({ openInBrowser: opened }))
vi.mock('../../src/api/session.ts', () => ({ session: () => ({ environment }) }))

let life: AbortController
let host: HTMLElement
const copied = vi.fn()
const values = {
  host: 'xn--lgs-sed.example.com',
  reads: 'lоgs.example.com',
  address: 'https://xn--lgs-sed.example.com/a',
  origin: 'https://xn--lgs-sed.example.com',
}

beforeEach(() => {
  setPreferences({ language: 'en' })
  life = new AbortController()
  host = document.createElement('div')
  document.body.append(host)
  opened.mockClear()
  copied.mockClear()
  environment.id = 'prod-1'
})
afterEach(() => {
  life.abort()
  host.remove()
})

function show(reason: string, args: Record<string, string>): void {
  const failure = new Failure('forbidden', reason, 'It may not be read.', args)
  render(logFailure(failure, { signal: life.signal, again: () => undefined, copy: copied }), host)
}

const labelled = (label: string, root: ParentNode = host) =>
  [...root.querySelectorAll<HTMLElement>('button, a')].find((e) => e.textContent?.trim() === label)

describe('a log at an address that is not allowed', () => {
  it('says where it points, in the letters that name servers know', () => {
    show('log.origin_refused', values)
    const facts = [...host.querySelectorAll('dd')].map((e) => e.textContent)
    expect(facts).toEqual([values.host, values.reads, values.address])
    labelled('Copy the address')?.click()
    expect(copied).toHaveBeenCalledWith(values.address)
  })

  it.each([
    ['Cancel', false],
    ['Open in the browser', true],
  ])('is opened outside only after a question: %s', async (answer, opens) => {
    show('log.origin_refused', values)
    labelled('Open outside…')?.click()
    const dialog = await vi.waitFor(() => {
      const modal = document.querySelector('.modal.show')
      expect(modal).not.toBeNull()
      return modal as HTMLElement
    })
    expect(opened).not.toHaveBeenCalled()
    expect(dialog.textContent).toContain(values.address)
    labelled(answer, dialog)?.click()
    await dialogsGone()
    expect(opened.mock.calls).toEqual(opens ? [[values.address]] : [])
  })

  it('leads to the profile’s field, where there is a profile', () => {
    show('log.origin_refused', values)
    expect(labelled('Allow this origin in the profile')?.getAttribute('href')).toBe(
      '#/profiles/prod-1/?field=logs.origins',
    )
    environment.id = 'sandbox'
    show('log.origin_refused', values)
    expect(labelled('Allow this origin in the profile')).toBeUndefined()
  })

  it('is text only where it is no plain address', () => {
    show('log.bad_address', { ref: 'https://user:pass@logs.example.com/a', host: '' })
    expect([...host.querySelectorAll('a, button')].map((e) => e.textContent?.trim())).toEqual(['Copy the address'])
  })
})

describe('a log on a worker', () => {
  it('has a line to copy that says which shell it is for', () => {
    show('log.on_worker', { worker: 'w-1', path: '/a b', host: 'h', fetch: "ssh h 'x' > y", shell: 'posix' })
    expect(host.textContent).toContain('POSIX')
    labelled('Copy the command')?.click()
    labelled('Copy the path')?.click()
    expect(copied.mock.calls).toEqual([["ssh h 'x' > y"], ['/a b']])
    show('log.on_worker', { worker: 'w-1', path: '/a', host: 'h', fetch: 'scp "h:/a" y', shell: 'any' })
    expect(host.textContent).not.toContain('POSIX')
    show('log.on_gone_worker', { worker: 'w-1', path: '/a', host: '', fetch: '', shell: '' })
    expect(labelled('Copy the command')).toBeUndefined()
  })
})

describe('a log that broke off', () => {
  const state: LogState = {
    token: 'a',
    source: 'http',
    ref: 'https://logs.example.com/7.log',
    rows: 9,
    lines: 9,
    bytes: 1234567,
    at: 1234567,
    turn: 1,
    expected: 5000000,
    reading: false,
    ended: false,
    full: false,
    version: 0,
  }
  const why = new Failure('unavailable', 'log.broke_off', '', { host: 'logs.example.com' })

  it.each([
    [{}, 'Read up to byte 1,234,567 of 5,000,000, and no further: The connection to logs.example.com broke off'],
    [{ expected: -1 }, 'Read up to byte 1,234,567, and no further:'],
    [{ source: 'database' }, 'The log could not be read further:'],
  ])('%o says up to where it was read', (of, words) => {
    const again = vi.fn()
    render(brokenText({ ...state, ...of }, why, again), host)
    expect(host.querySelector('[role=alert]')?.textContent).toContain(words)
    labelled('Try again')?.click()
    expect(again).toHaveBeenCalledOnce()
  })
})

describe.each(HOSTILE)('the text %j', (text) => {
  it.each(['log.origin_refused', 'log.bad_address', 'log.on_worker'])('stays text in %s', (reason) => {
    show(reason, {
      host: text,
      reads: text,
      ref: text,
      origin: text,
      path: text,
      worker: text,
      fetch: text,
      shell: text,
    })
    expect(intruders(host)).toEqual([])
    for (const link of host.querySelectorAll('a')) expect(link.getAttribute('href')).toMatch(/^#\//)
  })
})
