import { html, render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { documentView, showRead } from '../../src/pages/audit/dialog.ts'
import { revealing } from '../../src/pages/reveal.ts'
import { dialogsGone } from './stage.ts'

interface Shown {
  gate: boolean
  role: string
  archive?: object
}

const bridge = vi.hoisted(() => ({
  environment: undefined as Shown | undefined,
  reveal: vi.fn(),
}))

vi.mock('../../src/api/session.ts', () => ({
  session: () => ({ environment: bridge.environment }),
  may: (right: string) => bridge.environment?.role === 'admin' && right === 'admin',
}))
vi.mock('../../src/api/operations.ts', () => ({ reveal: bridge.reveal }))

const ADMIN: Shown = { gate: true, role: 'admin' }
const MASKED = '{"api_token": "<masked>", "day": 3}'
const PLAIN = '{"api_token": "hunter2", "day": 3}'
const outcome = (result: string, reason = '') => ({
  operationId: 'a8098c1a-f86e-41da-bd1a-00112444be1e',
  result,
  reason,
  accepted: 'none',
  written: result === 'done' ? 'yes' : 'no',
  observed: 'none',
  createdId: '',
  auditId: '4',
  args: {},
})

let life: AbortController
let host: HTMLElement

beforeEach(() => {
  setPreferences({ language: 'en', zone: 'utc' })
  bridge.environment = ADMIN
  bridge.reveal.mockReset().mockResolvedValue({ outcome: outcome('done'), document: PLAIN })
  life = new AbortController()
  host = document.createElement('div')
  document.body.append(host)
})
afterEach(async () => {
  life.abort()
  host.remove()
  await dialogsGone()
  for (const left of document.querySelectorAll('.notyf__toast')) left.remove()
})

/** A page with one document in it. */
function page(masked = MASKED): { draw(text?: string): void } {
  const args = revealing(life.signal, () => ({ of: 'job_args', id: '7', title: 'Show masked values of job x' }), draw)
  function draw(text = masked): void {
    masked = text
    render(html`<pre>${args.text(text)}</pre>${args.controls(text)}`, host)
  }
  draw()
  return { draw }
}

const text = () => host.textContent ?? ''
const offer = (within: ParentNode = host) => within.querySelector<HTMLButtonElement>('.ops-reveal')
const dialog = (title: string) =>
  [...document.querySelectorAll<HTMLElement>('.modal')].find((m) => m.textContent?.includes(title))

/** Gives the reason and the word. */
async function confirm(reason: string): Promise<void> {
  const field = await vi.waitFor(() => {
    const found = document.querySelector<HTMLTextAreaElement>('.modal [name="reason"]')
    expect(found).not.toBeNull()
    return found as HTMLTextAreaElement
  })
  field.value = reason
  field.dispatchEvent(new Event('input', { bubbles: true }))
  document.querySelector<HTMLButtonElement>('.ops-operation-go button')?.click()
}

describe('what is masked', () => {
  it.each<[string, Shown | undefined, string]>([
    ['an operator', { gate: true, role: 'operator' }, MASKED],
    ['a viewer', { gate: true, role: 'viewer' }, MASKED],
    ['a database without the gate', { gate: false, role: 'admin' }, MASKED],
    ['an archive', { gate: true, role: 'admin', archive: {} }, MASKED],
    ['nothing that is open', undefined, MASKED],
    ['a document without secrets', ADMIN, '{"day": 3}'],
  ])('is not offered to be shown to %s', (_, environment, document) => {
    bridge.environment = environment
    page(document)
    expect(offer()).toBeNull()
  })

  it('is shown to an administrator who says why, until it changes', async () => {
    const { draw } = page()
    offer()?.click()
    await confirm(' incident 7 ')
    await vi.waitFor(() => expect(text()).toContain('hunter2'))
    expect(bridge.reveal).toHaveBeenCalledWith('job_args', '7', 'incident 7')
    expect(text()).toContain('until you leave')
    expect(offer()).toBeNull()
    draw('{"api_token": "<masked>", "day": 4}')
    expect(text()).not.toContain('hunter2')
    expect(offer()).not.toBeNull()
  })

  it('stays masked when the database refuses, and the dialog says so', async () => {
    bridge.reveal.mockResolvedValue({ outcome: outcome('refused', 'right.missing'), document: '' })
    page()
    offer()?.click()
    await confirm('r')
    await vi.waitFor(() => expect(dialog('Show masked values')?.textContent).toContain('This takes a right'))
    expect(text()).toContain('<masked>')
    expect(offer()).not.toBeNull()
  })

  it('stays masked when nobody answers', async () => {
    bridge.reveal.mockRejectedValue(new Failure('unavailable', 'page.timeout', 'No answer in time.'))
    page()
    offer()?.click()
    await confirm('r')
    await vi.waitFor(() => expect(document.querySelector('.ops-outcome')).not.toBeNull())
    expect(text()).not.toContain('hunter2')
  })

  it('does not come back after the page was left', async () => {
    let answer: (value: unknown) => void = () => undefined
    bridge.reveal.mockReturnValue(new Promise((resolve) => (answer = resolve)))
    page()
    offer()?.click()
    await confirm('r')
    life.abort()
    answer({ outcome: outcome('done'), document: PLAIN })
    await new Promise((resolve) => setTimeout(resolve))
    expect(document.body.textContent).not.toContain('hunter2')
  })

  it('in a dialog is shown in that dialog, which comes again', async () => {
    const onClose = vi.fn()
    showRead(life.signal, {
      title: 'Event 5',
      read: async () => MASKED,
      view: (masked, doc) => documentView(masked, masked.length, doc),
      subject: { of: 'event', id: '5', title: 'Show masked values of event 5' },
      onClose,
    })
    await vi.waitFor(() => expect(offer(document)).not.toBeNull())
    offer(document)?.click()
    await confirm('r')
    await vi.waitFor(() => expect(document.querySelector('.ops-read-host')?.textContent).toContain('hunter2'))
    expect(onClose).not.toHaveBeenCalled()
    expect(bridge.reveal).toHaveBeenCalledWith('event', '5', 'r')
  })
})
