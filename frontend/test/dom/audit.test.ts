import { render } from 'lit-html'
import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { actionWords, splitAction } from '../../src/pages/audit/action.ts'
import { chainView } from '../../src/pages/audit/chain.ts'
import { targetLink } from '../../src/pages/audit/links.ts'
import { openView } from '../../src/pages/audit/openops.ts'
import { NOW } from './fixtures.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

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
    render(chainView(state, now, events), on.host)
    return events
  }

  it('says that nothing proves it where there is no gate', () => {
    show({ chain: { ...chain, installed: false }, verifying: false })
    expect(on.text()).toContain('nothing proves them')
    expect(on.host.querySelector('button')).toBeNull()
  })

  it('says how far it is sealed, and verifies what is new or all of it', () => {
    const events = show({ chain, verifying: false })
    expect(on.text()).toContain('sealed up to no. 12')
    for (const button of on.host.querySelectorAll('button')) button.click()
    expect(events.verify.mock.calls).toEqual([[false], [true]])
    show({ chain: { ...chain, complete: false, seal: '' }, verifying: true })
    expect(on.text()).toContain('not guarded yet not sealed yet Verifying…')
  })

  it('names the first entry that does not fit, and leads to it', () => {
    const events = show({ chain, verdict, verifying: false })
    expect(on.host.querySelector('[role="alert"]')?.textContent).toContain('changed after it was written')
    expect(on.text()).toContain('On the chain of (no name) (login scheduler), place 4.')
    ;[...on.host.querySelectorAll('button')].find((b) => b.textContent?.includes('77'))?.click()
    expect(events.open).toHaveBeenCalledWith('77')
  })

  it('says that all is well, and since when', () => {
    show({ chain, verdict: { ...verdict, ok: true, full: false, problem: '', checked: 1 }, verifying: false })
    expect(on.text()).toContain('1 entry since the last seen seal is as it was written.')
  })

  it('raises an alarm when the seal that was seen is gone', () => {
    show({ chain, doubt: 'seal.missing', verifying: false })
    expect(on.host.querySelector('[role="alert"]')?.textContent).toContain('A seal that was there is gone')
    show({ failure: new Failure('unavailable', 'audit.verify_timeout', ''), verifying: false })
    expect(on.text()).toContain('opsctl audit verify')
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
    render(openView({ operations: [], asOf: NOW }, new Set(), vi.fn()), on.host)
    expect(on.text()).toBe('')
    render(
      openView({ operations: [open, { ...open, id: 'u-2', going: true }], asOf: NOW }, new Set(), vi.fn()),
      on.host,
    )
    expect(on.text()).toContain('2 operations were begun and never finished')
    expect(on.text()).toContain('Drain worker')
    expect(on.text()).toContain('still under way')
    // Nobody who may operate is logged in here.
    expect(on.host.querySelector('button')).toBeNull()
  })
})
