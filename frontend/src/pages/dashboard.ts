import { html, nothing, render } from 'lit-html'
import {
  type Activity,
  type Beliefs,
  type Cluster,
  readActivity,
  readBeliefs,
  readCluster,
  readTerms,
  type TermHistory,
} from '../api/dashboard.ts'
import { duration } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { createChart } from '../ui/chart.ts'
import { face } from '../ui/face.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { createTable } from '../ui/table.ts'
import { fleetUnknown, knownBy } from './basis.ts'
import { activityChart, bucketLink, openRuns, timingTable } from './dashboard/activity.ts'
import { beliefColumns, beliefRows, beliefSummary, claimants } from './dashboard/beliefs.ts'
import { dueRuns } from './dashboard/due.ts'
import { fleetTiles } from './dashboard/fleet.ts'
import { leaderActions, leaderCard } from './dashboard/leader.ts'
import { createLockBar } from './dashboard/lock.ts'
import { createLivePanel } from './dashboard/panel.ts'
import { termLanes, termNote, termSummary } from './dashboard/terms.ts'
import { failures, late, lateLink, trouble } from './dashboard/trouble.ts'
import { archiveActions } from './exportarchive.ts'
import { watchButton } from './watching/button.ts'

/** How often the topics are due, in milliseconds, as the backend's clock has it. */
const PACE = { fleet: 2000, beliefs: 10_000, day: 60_000 } as const

/** How long after the end of a lock its next holder is looked for, in milliseconds. */
const HANDOVER = 250

/** The cluster at a glance: three reads at three paces, each with panels of its own. */
export const dashboardPage: Page = (host, signal) => {
  const { body, actions } = pageFrame(host, t('dashboard.title'))
  actions(html`${buttons(archiveActions(signal))}`)
  const grid = document.createElement('div')
  grid.className = 'ops-dashboard'
  const around = document.createElement('div')
  around.className = 'ops-dashboard-box'
  around.append(grid)
  body.append(around)

  const panel = (title: string, area: string, interval: number, retry: () => void) => {
    const made = createLivePanel(signal, { title, area: `ops-area-${area}`, interval, retry })
    grid.append(made.element)
    return made
  }
  const readFleet = () => fleet()
  const leader = panel(t('dashboard.leader'), 'leader', PACE.fleet, readFleet)
  const beliefs = panel(t('dashboard.beliefs'), 'beliefs', PACE.beliefs, () => believe())
  const workers = panel(t('dashboard.workers'), 'workers', PACE.fleet, readFleet)
  const readDay = () => day()
  const chartPanel = panel(t('dashboard.runs'), 'chart', PACE.day, readDay)
  const open = panel(t('dashboard.open'), 'open', PACE.day, readDay)
  const failed = panel(t('dashboard.failures'), 'failed', PACE.day, readDay)
  const lateRuns = panel(t('dashboard.late'), 'late', PACE.day, readDay)
  const due = panel(t('dashboard.due'), 'due', PACE.day, readDay)
  const termPanel = panel(t('dashboard.terms'), 'terms', PACE.day, () => terms())
  const ofFleet = [leader, workers]
  const ofDay = [chartPanel, open, failed, lateRuns, due]

  const lock = createLockBar()
  const watch = watchButton(signal, { kind: 'leader', id: '' })
  let term: string | undefined
  let successor: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(successor))
  const fleet = latest<Cluster>(signal, readCluster, {
    done(cluster) {
      const nobody = fleetUnknown(cluster.leadership.leaderId === '' ? 0 : 1)
      const unknown = fleetUnknown(cluster.workers.total)
      render(nobody ? face(nobody) : leaderCard(cluster, lock.element), leader.content)
      lock.show(cluster.leadership.lockMs)
      leader.beside(
        html`${knownBy('fleet')}${watch.element}${buttons(leaderActions(signal, cluster.leadership, readFleet))}`,
      )
      workers.beside(knownBy('fleet'))
      render(unknown ? face(unknown) : fleetTiles(cluster.workers), workers.content)
      for (const p of ofFleet) p.read(new Date(cluster.asOf))
      readAt(new Date(cluster.asOf), PACE.fleet)
      // A lock that nobody renews is about to change hands: that is looked at when it has, not when the panel is due.
      clearTimeout(successor)
      const { lockMs } = cluster.leadership
      if (lockMs > 0 && lockMs <= PACE.fleet) successor = setTimeout(readFleet, lockMs + HANDOVER)
      // After a change of leader everybody is asked at once, not when the panel is due.
      const now = `${cluster.leadership.leaderId} ${cluster.leadership.epoch}`
      if (term !== undefined && term !== now) {
        believe()
        terms()
      }
      term = now
    },
    failed(failure) {
      for (const p of ofFleet) p.failed(failure)
      readFailed(failure)
    },
  })

  const claims = document.createElement('div')
  const participants = document.createElement('div')
  participants.className = 'ops-panel-flush ops-beliefs'
  beliefs.content.append(claims, participants)
  const table = createTable(participants, signal, {
    id: 'dashboard-beliefs',
    label: t('dashboard.beliefs.table'),
    columns: beliefColumns(),
    key: (row) => row.key,
    rowClass: (row) => (row.verdict === 'claims' || row.verdict === 'disagrees' ? 'ops-row-silent' : ''),
    plain: true,
    empty: { kind: 'empty', title: t('dashboard.beliefs.empty'), text: t('dashboard.beliefs.emptyText') },
  })
  const believe = latest<Beliefs>(signal, readBeliefs, {
    done(all) {
      const unknown = fleetUnknown(all.leadership.leaderId === '' ? 0 : 1)
      render(unknown ? nothing : claimants(all), claims)
      table.update(unknown ? [] : beliefRows(all))
      table.face(unknown ?? null)
      beliefs.beside(html`${knownBy('fleet')}${unknown ? nothing : beliefSummary(all)}`)
      beliefs.read(new Date(all.asOf))
    },
    failed: (failure) => beliefs.failed(failure),
  })

  const bands = createChart(termPanel.content, signal, {
    label: t('dashboard.terms.chart'),
    size: 'lane',
    onPick: (id) => id !== '' && navigate(pathTo(routes.worker, { id })),
  })
  const termFace = document.createElement('div')
  termPanel.content.append(termFace)
  const terms = latest<TermHistory>(signal, readTerms, {
    done(history) {
      const none = history.terms.length === 0
      bands.element.hidden = none
      const quiet = { kind: 'empty', title: t('dashboard.terms.none'), text: t('dashboard.terms.noneText') } as const
      render(none ? face(quiet) : termNote(history), termFace)
      termPanel.beside(html`${knownBy('terms')}${termSummary(history)}`)
      termPanel.read(new Date(history.to))
      if (!none) bands.draw(termLanes(history))
    },
    failed: (failure) => termPanel.failed(failure),
  })

  let shown: Activity | undefined
  const chart = createChart(chartPanel.content, signal, {
    label: t('dashboard.runs.chart'),
    onPick: (bucket, series) => shown && navigate(bucketLink(shown, Number(bucket), series)),
  })
  const chartFace = document.createElement('div')
  chartPanel.content.append(chartFace)
  const day = latest<Activity>(signal, readActivity, {
    done(activity) {
      shown = activity
      const limit = duration(activity.lateAfterMs)
      render(html`${openRuns(activity)}${timingTable(activity)}`, open.content)
      render(failures(activity), failed.content)
      failed.beside(trouble(activity.failedRuns))
      render(late(activity), lateRuns.content)
      lateRuns.beside(trouble(activity.lateRuns, t('dashboard.late.title', { limit }), lateLink(activity)))
      render(dueRuns(activity), due.content)
      for (const p of ofDay) p.read(new Date(activity.asOf))
      drawChart(activity)
    },
    failed(failure) {
      for (const p of ofDay) p.failed(failure)
    },
  })

  function drawChart(activity: Activity): void {
    const none = activity.series.length === 0
    chart.element.hidden = none
    const quiet = { kind: 'empty', title: t('dashboard.runs.none'), text: t('dashboard.runs.noneText') } as const
    render(none ? face(quiet) : nothing, chartFace)
    chartPanel.beside(none ? nothing : html`<span class="ops-soft">${t('dashboard.runs.hint')}</span>`)
    if (!none) chart.draw(activityChart(activity))
  }

  onChange('fleet', signal, fleet)
  onChange('beliefs', signal, believe)
  onChange('day', signal, terms)
  onChange('day', signal, day)
  fleet()
  believe()
  terms()
  day()
}
