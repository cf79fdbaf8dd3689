import { render } from 'lit-html'
import { describe, expect, it, vi } from 'vitest'
import { attemptsView, loggedAttempts } from '../../src/pages/run/attempts.ts'
import { confirmingNote, runFacts } from '../../src/pages/run/facts.ts'
import { timelineView } from '../../src/pages/run/timelineview.ts'
import { activeChips, drawChips } from '../../src/pages/runs/chips.ts'
import { filterFromQuery, NO_FILTER, type RunFilter } from '../../src/pages/runs/filter.ts'
import { createFilterBar } from '../../src/pages/runs/filterbar.ts'
import { anAttempt, aRun, NOW } from './fixtures.ts'
import { stage } from './stage.ts'

const on = stage()
const now = new Date(NOW)

describe('the filter bar', () => {
  function bar(initial: RunFilter = NO_FILTER) {
    const changed = vi.fn<(filter: RunFilter) => void>()
    const made = createFilterBar(on.life.signal, initial, changed)
    on.host.append(made.element)
    const field = (name: string) => made.element.elements.namedItem(name) as HTMLInputElement
    const type = (name: string, value: string) => {
      field(name).value = value
      field(name).dispatchEvent(new Event('input', { bubbles: true }))
    }
    return { changed, made, field, type }
  }

  it('shows the filter of the address', () => {
    const query = 'state=FAILED,ORPHANED&worker=w-1&epoch=4&from=2026-11-22T10:30:00Z&min=90000&attempt=2&error=disk'
    const { made, field } = bar(filterFromQuery(new URLSearchParams(query)))
    const values = ['range', 'from', 'worker', 'epoch', 'min', 'attempt', 'error'].map((name) => field(name).value)
    expect(values).toEqual(['custom', '2026-11-22T10:30', 'w-1', '4', '1m 30s', '2', 'disk'])
    expect(made.element.querySelector('.ops-states')?.textContent).toContain('2 states')
    expect(made.element.querySelector('details')?.open).toBe(true)
  })

  it('offers to search logs where a link asks for it', () => {
    const { made, field } = bar()
    const log = made.element.querySelector<HTMLElement>('[data-log]') as HTMLElement
    expect(log.hidden).toBe(true)
    made.show({ ...NO_FILTER, logText: '接続に失敗' })
    expect(log.hidden).toBe(false)
    expect(field('log').value).toBe('接続に失敗')
    made.refuse('log', 'Logs can be searched in an archive.')
    expect(log.textContent).toContain('Logs can be searched in an archive.')
  })

  it('waits until typing rests', () => {
    vi.useFakeTimers()
    const { changed, type } = bar()
    type('error', 'di')
    vi.advanceTimersByTime(200)
    type('error', 'disk')
    vi.advanceTimersByTime(300)
    expect(changed).not.toHaveBeenCalled()
    vi.advanceTimersByTime(100)
    expect(changed.mock.calls.map(([f]) => f.errorText)).toEqual(['disk'])
  })

  it('says at the field what it can not read, and asks for nothing', () => {
    vi.useFakeTimers()
    const { changed, type, field } = bar()
    type('min', 'soon')
    type('min', 'sooner')
    vi.advanceTimersByTime(1000)
    expect(changed).not.toHaveBeenCalled()
    expect(field('min').getAttribute('aria-invalid')).toBe('true')
    type('min', '2m')
    expect(field('min').hasAttribute('aria-invalid')).toBe(false)
    vi.advanceTimersByTime(1000)
    expect(changed.mock.calls.map(([f]) => f.minMs)).toEqual([120_000])
  })

  it('combines states, a range and a job', () => {
    const { changed, made, field } = bar()
    for (const label of made.element.querySelectorAll<HTMLElement>('[data-states] label')) {
      if (/Failed|Timed out/.test(label.textContent ?? '')) label.querySelector('input')?.click()
    }
    field('range').value = '6h'
    field('range').dispatchEvent(new Event('change'))
    made.offerJobs([{ value: '3', label: 'billing' }])
    const job = made.element.querySelector<HTMLInputElement>('#runs-filter-job')
    job?.focus()
    job?.dispatchEvent(new Event('focus'))
    const option = [...made.element.querySelectorAll('[role="option"]')].find((o) => o.textContent?.includes('billing'))
    option?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }))
    expect(changed.mock.lastCall?.[0]).toMatchObject({ states: ['FAILED', 'TIMED_OUT'], range: '6h', jobId: '3' })
  })

  it('goes on from the chosen hours when somebody wants other times', () => {
    const { changed, field } = bar({ ...NO_FILTER, range: '24h' })
    field('range').value = 'custom'
    field('range').dispatchEvent(new Event('change'))
    const from = changed.mock.lastCall?.[0].from ?? ''
    expect(changed.mock.lastCall?.[0].range).toBe('custom')
    expect(field('from').value).toBe(from.slice(0, 16))
  })

  it('reads times on the clock that the operator chose', () => {
    const { changed, field } = bar()
    field('from').value = '2026-11-22T10:30'
    field('from').dispatchEvent(new Event('change'))
    expect(changed.mock.lastCall?.[0]).toMatchObject({ range: 'custom', from: '2026-11-22T10:30:00.000Z' })
  })
})

describe('the chips', () => {
  it('say each filter and take away just that one', () => {
    const filter = filterFromQuery(
      new URLSearchParams('state=FAILED,CANCELED&job=3&range=24h&min=1000&attempt=1&error=x'),
    )
    const chips = activeChips(filter, () => 'billing')
    expect(chips.map((c) => c.label)).toEqual([
      'State: Failed',
      'State: Canceled',
      'Job: billing',
      'Created: Last 24 hours',
      'Lasted ≥ 1.0s',
      'Attempt ≥ 1',
      'Error has “x”',
    ])
    const applied = vi.fn()
    render(drawChips(chips, applied), on.host)
    on.host.querySelector<HTMLButtonElement>('.ops-chip button')?.click()
    expect(applied).toHaveBeenLastCalledWith({ ...filter, states: ['CANCELED'] })
    on.host.querySelector<HTMLButtonElement>('.btn-link')?.click()
    expect(applied).toHaveBeenLastCalledWith(NO_FILTER)
  })
})

describe('the screen of a run', () => {
  it('tells its waits in words', () => {
    render(timelineView(aRun(), now), on.host)
    expect([...on.host.querySelectorAll('.ops-moment-words')].map((e) => e.textContent)).toEqual([
      '',
      'to w-1, 1.0s after it was due',
      '2.0s after it was due · 1.0s after it was assigned',
      'after running for 10.0s',
    ])
  })

  it('tells what is still to come, and what nobody wrote down', () => {
    const waiting = aRun({ state: 'PENDING', assignedAt: '', startedAt: '', finishedAt: '', workerId: '' })
    render(timelineView(waiting, now), on.host)
    expect(on.text()).toContain('waiting for 1h 0m')
    expect(on.text()).toContain('Started not yet')
    render(timelineView(aRun({ state: 'SKIPPED', assignedAt: '', startedAt: '' }), now), on.host)
    expect(on.text()).toContain('Assigned not recorded')
    const due = aRun({ ...waiting, scheduledFor: '2026-11-23T12:00:40Z' })
    render(timelineView(due, now), on.host)
    expect(on.text()).toContain('due in 40.0s')
    const none = aRun({ scheduledFor: '', assignedAt: '', startedAt: '', finishedAt: '' })
    render(timelineView(none, now), on.host)
    expect(on.text()).toContain('No time is recorded')
  })

  it.each([
    ['', 'No log is referred to.'],
    ['db:7/0', 'Kept in the cluster’s database'],
    ['https://archive.example/7', 'shown below where this environment’s profile allows it'],
    ['/var/log/7.log', 'A file on the host of worker w-1.'],
  ])('says what the log reference %j means', (logRef, words) => {
    render(runFacts(aRun({ logRef })), on.host)
    expect(on.text()).toContain(words)
    expect([...on.host.querySelectorAll('a')].every((a) => a.getAttribute('href')?.startsWith('#/ops/'))).toBe(true)
  })

  it('counts down to the deadline of a doubted run, and past it', () => {
    const confirming = { confirming: true, confirmingSince: '2026-11-23T11:59:30Z' }
    render(confirmingNote(aRun({ ...confirming, confirmingDeadlineAt: '2026-11-23T12:00:12Z' }), now), on.host)
    expect(on.text()).toContain('12s to the deadline')
    render(confirmingNote(aRun({ ...confirming, confirmingDeadlineAt: '2026-11-23T11:59:57Z' }), now), on.host)
    expect(on.text()).toContain('passed 3s ago')
  })

  it('says that a cluster records no attempts', () => {
    render(attemptsView({ run: aRun(), attempts: [], args: '', asOf: NOW }, now), on.host)
    expect(on.text()).toContain('This cluster’s nodes do not record attempts')
  })

  it('knows the attempts whose logs may be there', () => {
    const attempts = [anAttempt({ number: 1 }), anAttempt({ number: 0 })]
    expect(loggedAttempts({ run: aRun({ logRef: 'db:7/1' }), attempts, args: '', asOf: NOW })).toEqual([0, 1])
    expect(loggedAttempts({ run: aRun({ logRef: 'db:7/2' }), attempts: [], args: '', asOf: NOW })).toEqual([2])
    expect(loggedAttempts({ run: aRun({ logRef: '/var/log/7' }), attempts: [], args: '', asOf: NOW })).toEqual([0])
  })
})
