import { render } from 'lit-html'
import { describe, expect, it, vi } from 'vitest'
import { Failure } from '../../src/lib/failure.ts'
import { activityChart, bucketLink, timingTable } from '../../src/pages/dashboard/activity.ts'
import { beliefRows, beliefSummary, claimants } from '../../src/pages/dashboard/beliefs.ts'
import { fleetTiles } from '../../src/pages/dashboard/fleet.ts'
import { leaderCard } from '../../src/pages/dashboard/leader.ts'
import { createLockBar } from '../../src/pages/dashboard/lock.ts'
import { createLivePanel } from '../../src/pages/dashboard/panel.ts'
import { failures, late } from '../../src/pages/dashboard/trouble.ts'
import { aBelief, aCluster, aLeadership, anActivity, aRun, NOW } from './fixtures.ts'
import { stage } from './stage.ts'

const on = stage()

describe('the leader card', () => {
  const draw = (leadership = aLeadership(), leaderNode = 'node-a') =>
    render(leaderCard(aCluster({ leadership, leaderNode }), createLockBar().element), on.host)

  it('names the leader, its node, epoch, age, lock and SubLeaders', () => {
    draw()
    for (const part of ['w-1', 'node-a', '9', '1 sec. ago', '8.0s left', 'node-b w-2'])
      expect(on.text()).toContain(part)
    expect(on.host.querySelector('[role="alert"]')).toBeNull()
  })

  it('says in red what it means that nobody leads', () => {
    draw(aLeadership({ leaderId: '', lockMs: 0 }), '')
    expect(on.host.querySelector('[role="alert"]')?.textContent).toContain('No leader')
    expect(on.text()).toContain('The last epoch was 9.')
    draw(aLeadership({ leaderId: '', lockMs: 0, epoch: '' }), '')
    expect(on.text()).toContain('No worker has ever led this cluster.')
  })

  it('says that the leader was asked to step down, and that its lock never runs out', () => {
    draw(aLeadership({ degrading: true, lockMs: -1 }))
    expect(on.text()).toContain('Stepping down')
    expect(on.text()).toContain('never runs out')
  })

  it('tells assistive technology how much of the lock is left', () => {
    const bar = createLockBar()
    bar.show(2500)
    expect(bar.element.getAttribute('aria-valuenow')).toBe('3')
    expect(bar.element.classList.contains('ops-lock-short')).toBe(true)
    bar.show(20_000)
    expect(bar.element.getAttribute('aria-valuemax')).toBe('20')
    expect(bar.element.classList.contains('ops-lock-short')).toBe(false)
  })
})

describe('the epoch panel', () => {
  const failure = new Failure('unavailable', 'x', 'x')
  const beliefs = {
    leadership: aLeadership(),
    asOf: NOW,
    workers: [
      aBelief({ workerId: 'w-1', claims: true }),
      aBelief({ workerId: 'w-2', failure }),
      aBelief({ workerId: 'w-3', epoch: '8', disagrees: true }),
      aBelief({ workerId: 'w-4', leader: 'w-4', epoch: '8', claims: true, disagrees: true }),
      aBelief({ workerId: 'w-5', leader: '' }),
    ],
  }

  it('lists Redis, then the worst first, then the others in their order', () => {
    expect(beliefRows(beliefs).map((r) => [r.worker?.workerId ?? 'Redis', r.verdict])).toEqual([
      ['Redis', 'decides'],
      ['w-4', 'claims'],
      ['w-3', 'disagrees'],
      ['w-2', 'unreached'],
      ['w-1', 'agrees'],
      ['w-5', 'agrees'],
    ])
  })

  it('marks what is wrong, and only that', () => {
    const wrong = beliefRows(beliefs).map((r) => [r.wrongLeader, r.wrongEpoch])
    expect(wrong).toEqual([
      [false, false],
      [true, true],
      [false, true],
      [false, false],
      [false, false],
      [false, false],
    ])
  })

  it('names everybody who claims to lead, once there is another than the leader', () => {
    render(claimants(beliefs), on.host)
    expect(on.text()).toContain('2 workers claim to lead: w-1')
    expect(on.text()).toContain('w-4 (8)')
    render(claimants({ ...beliefs, workers: beliefs.workers.slice(0, 3) }), on.host)
    expect(on.text()).toBe('')
  })

  it('sums up in a word', () => {
    render(beliefSummary(beliefs), on.host)
    expect(on.text()).toContain('2 disagree')
    expect(on.text()).toContain('1 did not answer')
    render(beliefSummary({ ...beliefs, workers: [aBelief()] }), on.host)
    expect(on.text()).toBe('All agree')
  })

  it('draws no more workers than a screen can use', () => {
    const workers = Array.from({ length: 1000 }, (_, i) => aBelief({ workerId: `w-${i}`, disagrees: i === 999 }))
    const rows = beliefRows({ ...beliefs, workers })
    expect(rows.length).toBeLessThan(60)
    expect(rows[1]?.worker?.workerId).toBe('w-999')
  })
})

describe('the day', () => {
  it('is a chart whose bars lead to their runs', () => {
    const activity = anActivity()
    expect(activityChart(activity).series.map((s) => [s.name, s.token])).toEqual([
      ['Succeeded', '--ops-run-succeeded'],
      ['Failed', '--ops-run-failed'],
    ])
    expect(bucketLink(activity, 1, 1)).toBe(
      '#/ops/runs/?state=FAILED&from=2026-11-22T12%3A30%3A00.000Z&before=2026-11-22T13%3A00%3A00.000Z',
    )
  })

  it('links to the failures that it does not show, and only counts late ones', () => {
    render(failures(anActivity()), on.host)
    expect(on.host.querySelector('.ops-more')?.getAttribute('href')).toContain('state=FAILED%2CTIMED_OUT')
    expect(on.text()).toContain('11 more')
    expect(on.text()).toContain('no disk left')
    render(late(anActivity({ lateRuns: 3 })), on.host)
    expect(on.text()).toContain('5m 0s late')
    expect(on.text()).toContain('and 2 more')
    render(late(anActivity({ late: [aRun({ state: 'PENDING', startedAt: '' })] })), on.host)
    expect(on.text()).toContain('waiting for 1h 0m')
    render(late(anActivity({ late: [], lateRuns: 0 })), on.host)
    expect(on.text()).toContain('No run has started more than 1m 0s late.')
  })

  it('has no percentiles of nothing', () => {
    render(timingTable(anActivity()), on.host)
    expect([...on.host.querySelectorAll('tbody tr')].map((r) => r.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      'Duration 800ms2.0s1m 30s 100',
      'Start delay ––– 0',
    ])
  })
})

describe('the workers', () => {
  it('stand out only where something is the matter', () => {
    const workers = { total: 5, running: 1, idle: 2, draining: 0, detached: 1, silent: 1 }
    render(fleetTiles(workers), on.host)
    const tones = [...on.host.querySelectorAll('.ops-tile')].map((e) => /ops-tile-(bad|warn)/.exec(e.className)?.[1])
    expect(tones).toEqual([undefined, undefined, undefined, undefined, 'warn', 'bad'])
    expect(on.host.querySelector('[role="alert"]')).toBeNull()
    render(fleetTiles({ ...workers, total: 1 }), on.host)
    expect(on.host.querySelector('[role="alert"]')).not.toBeNull()
  })
})

describe('a panel that is read on its own', () => {
  const make = () => {
    const panel = createLivePanel(on.life.signal, { title: 'Panel', area: 'x', interval: 2000, retry: () => retried() })
    on.host.append(panel.element)
    panel.content.textContent = 'content'
    return panel
  }
  const retried = vi.fn()

  it('shows a face until it was read, and the content from then on', () => {
    const panel = make()
    expect(panel.content.hidden).toBe(true)
    panel.failed(new Failure('unavailable', 'page.timeout', ''))
    expect(on.host.querySelector('[role="alert"]')?.textContent).toContain('No answer')
    on.host.querySelector('button')?.click()
    expect(retried).toHaveBeenCalledOnce()
    panel.read(new Date(NOW))
    expect(panel.content.hidden).toBe(false)
    expect(on.host.querySelector('[role="alert"]')).toBeNull()
  })

  it('keeps what it showed when it can not be read again, and says since when', () => {
    const panel = make()
    panel.read(new Date(NOW))
    panel.failed(new Failure('unavailable', 'page.timeout', ''))
    expect(panel.content.hidden).toBe(false)
    expect(panel.element.classList.contains('ops-live-stale')).toBe(true)
    expect(on.text()).toContain('Not read again since 2026-11-23 12:00:00 UTC')
    panel.read(new Date(NOW))
    expect(panel.element.classList.contains('ops-live-stale')).toBe(false)
  })

  it('looks stale by itself once it is older than twice its interval', () => {
    vi.useFakeTimers()
    const panel = make()
    panel.read(new Date(NOW))
    vi.advanceTimersByTime(4000)
    expect(panel.element.classList.contains('ops-live-stale')).toBe(false)
    vi.advanceTimersByTime(3000)
    expect(panel.element.classList.contains('ops-live-stale')).toBe(true)
  })
})
