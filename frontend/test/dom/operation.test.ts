import { render } from 'lit-html'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outcome, Preview } from '../../src/api/operations.ts'
import { Failure } from '../../src/lib/failure.ts'
import { setPreferences } from '../../src/lib/preferences.ts'
import { outcomeView } from '../../src/ui/operation/outcome.ts'
import { previewView } from '../../src/ui/operation/preview.ts'
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

function aPreview(of: Partial<Preview> = {}): Preview {
  return {
    token: 'token-1',
    action: 'worker.detach',
    target: 'w-1',
    tier: 'confirm',
    reversible: false,
    typedName: '',
    touches: [{ key: 'running', count: 3, names: ['7 billing', '8 report'] }],
    notes: [{ level: 'warning', key: 'detach_leader', args: {} }],
    epoch: '9',
    way: 'detach.flag',
    asOf: '2026-11-23T12:00:00Z',
    ...of,
  }
}

function anOutcome(of: Partial<Outcome> = {}): Outcome {
  return {
    operationId: 'a8098c1a-f86e-41da-bd1a-00112444be1e',
    result: 'done',
    reason: '',
    accepted: 'yes',
    written: 'yes',
    observed: 'no',
    createdId: '',
    auditId: '4',
    args: {},
    ...of,
  }
}

function open(of: { preview?: Preview; plan?: () => Promise<Preview>; perform?: () => Promise<Outcome> } = {}) {
  const calls = {
    plan: vi.fn(of.plan ?? (() => Promise.resolve(of.preview ?? aPreview()))),
    perform: vi.fn(of.perform ?? (() => Promise.resolve(anOutcome()))),
    drop: vi.fn(),
    done: vi.fn(),
  }
  openOperation(life.signal, { title: 'Detach worker w-1', verb: 'Detach', ...calls })
  return calls
}

const dialog = () => document.querySelector<HTMLElement>('.modal')!
const text = () => dialog().textContent?.replace(/\s+/g, ' ') ?? ''
const button = (name: string) =>
  [...dialog().querySelectorAll('button')].find((b) => b.textContent?.trim() === name) as HTMLButtonElement
const field = (name: string) => dialog().querySelector<HTMLInputElement>(`[name="${name}"]`)!
const shown = () => vi.waitFor(() => expect(field('reason')).not.toBeNull())

function type(name: string, value: string): void {
  field(name).value = value
  field(name).dispatchEvent(new Event('input', { bubbles: true }))
}

describe('the dialog of an operation', () => {
  it('says what it touches, how, and whether it can be taken back', async () => {
    open()
    await shown()
    expect(text()).toContain('Can’t be taken back')
    expect(text()).toMatch(/Running 3\s+7 billing\s+8 report\s+and 1 more/)
    expect(text()).toContain('It is flagged, and leaves by itself.')
    expect(text()).toContain('It is the leader.')
    expect(text()).toContain('Bound to epoch 9')
  })

  it('performs only with a reason, and with that reason', async () => {
    const { perform, done } = open()
    await shown()
    expect(button('Detach').disabled).toBe(true)
    type('reason', '   ')
    expect(button('Detach').disabled).toBe(true)
    type('reason', ' maintenance ')
    button('Detach').click()
    await vi.waitFor(() => expect(text()).toContain('Done.'))
    expect(perform).toHaveBeenCalledExactlyOnceWith('token-1', 'maintenance', '')
    expect(done).toHaveBeenCalledOnce()
  })

  it('wants the name typed where it is dangerous', async () => {
    const { perform } = open({ preview: aPreview({ tier: 'dangerous', typedName: 'w-1' }) })
    await shown()
    type('reason', 'last one')
    expect(button('Detach').disabled).toBe(true)
    type('typedName', 'w-2')
    expect(button('Detach').disabled).toBe(true)
    type('typedName', 'w-1')
    field('typedName').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await vi.waitFor(() => expect(perform).toHaveBeenCalledWith('token-1', 'last one', 'w-1'))
  })

  it('tells what was accepted, written and seen apart', async () => {
    open({ perform: () => Promise.resolve(anOutcome({ result: 'unknown', accepted: 'unknown', observed: 'none' })) })
    await shown()
    type('reason', 'x')
    field('reason').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))
    await vi.waitFor(() => expect(text()).toContain('Nobody knows yet whether it was done.'))
    expect(text()).toMatch(/Accepted by the worker not known ?Written down in the cluster yes/)
    expect(text()).not.toContain('Seen in the cluster')
  })

  it('looks again when things are no longer as shown', async () => {
    const stale = anOutcome({ result: 'stale', reason: 'operation.changed', args: { what: 'epoch' } })
    const { plan } = open({ perform: () => Promise.resolve(stale) })
    await shown()
    type('reason', 'x')
    button('Detach').click()
    await vi.waitFor(() => expect(text()).toContain('has changed since: the epoch'))
    button('Look again').click()
    await shown()
    expect(plan).toHaveBeenCalledTimes(2)
    expect(field('reason').value).toBe('x')
  })

  it('shows what is wrong with the order at its field', async () => {
    open({ perform: () => Promise.reject(new Failure('invalid', 'operation.bad_reason', 'Too long.')) })
    await shown()
    type('reason', 'x')
    button('Detach').click()
    await vi.waitFor(() => expect(dialog().querySelector('.invalid-feedback')?.textContent).toContain('too long'))
    expect(field('reason').getAttribute('aria-invalid')).toBe('true')
  })

  it('says why it can’t be done, and looks again', async () => {
    let tries = 0
    open({
      plan: () =>
        ++tries === 1
          ? Promise.reject(new Failure('conflict', 'operation.already_detached', 'Already.', { worker: 'w-1' }))
          : Promise.resolve(aPreview()),
    })
    await vi.waitFor(() => expect(text()).toContain('Worker “w-1” is detached already'))
    button('Look again').click()
    await shown()
  })

  it('never calls it failed when nobody answered', async () => {
    open({ perform: () => Promise.reject(new Failure('unavailable', 'page.timeout', 'No answer.')) })
    await shown()
    type('reason', 'x')
    button('Detach').click()
    await vi.waitFor(() => expect(text()).toContain('Nobody knows yet whether it was done.'))
  })

  it('drops its preview when the operator turns away', async () => {
    const { drop, perform } = open()
    await shown()
    await vi.waitFor(() => expect(dialog().classList).toContain('show'))
    button('Close').click()
    await vi.waitFor(() => expect(drop).toHaveBeenCalledExactlyOnceWith('token-1'))
    expect(perform).not.toHaveBeenCalled()
  })

  it('tells how it ended when its dialog was left meanwhile', async () => {
    let end: (outcome: Outcome) => void = () => undefined
    open({ perform: () => new Promise((resolve) => (end = resolve)) })
    await shown()
    await vi.waitFor(() => expect(dialog().classList).toContain('show'))
    type('reason', 'x')
    button('Detach').click()
    button('Close').click()
    await dialogsGone()
    end(anOutcome())
    await vi.waitFor(() =>
      expect(document.querySelector('.ops-toast-success .ops-toast-text')?.textContent).toContain('Detach worker w-1'),
    )
  })
})

describe.each(HOSTILE)('the text %j in an operation', (foreignText) => {
  const host = document.createElement('div')

  it('stays a text in a preview', () => {
    render(
      previewView(
        aPreview({
          target: foreignText,
          epoch: foreignText,
          way: foreignText,
          touches: [{ key: foreignText, count: 2, names: [foreignText] }],
          notes: [
            { level: foreignText, key: foreignText, args: {} },
            { level: 'danger', key: 'may_run_twice', args: { worker: foreignText } },
          ],
        }),
      ),
      host,
    )
    expect(intruders(host)).toEqual([])
  })

  it('stays a text in an outcome', () => {
    const args = { what: foreignText, worker: foreignText }
    for (const reason of [foreignText, 'operation.changed', 'operation.already_detached']) {
      const outcome = anOutcome({ result: foreignText, reason, accepted: foreignText, createdId: foreignText, args })
      render(outcomeView(aPreview({ action: 'job.run' }), outcome), host)
      expect(intruders(host)).toEqual([])
    }
    expect(Reflect.get(globalThis, 'owned')).toBeUndefined()
  })
})
