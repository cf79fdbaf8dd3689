import { html, nothing, render } from 'lit-html'
import { getWorker, type ProbeAnswer, probeWorker, type Worker, type WorkerDetail } from '../api/workers.ts'
import type { Failure } from '../lib/failure.ts'
import { count, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { role } from '../ui/badge.ts'
import { createChart } from '../ui/chart.ts'
import { face, failureFace, loadingFace } from '../ui/face.ts'
import { buttons } from '../ui/menu.ts'
import { facts, pageFrame, panel } from '../ui/page.ts'
import { routes, runLink, workerLink } from '../ui/routes.ts'
import { foreign, identifier, none, time } from '../ui/text.ts'
import { watchButton } from './watching/button.ts'
import { marksView } from './worker/marks.ts'
import { workerActions } from './worker/operations.ts'
import { certificateView, probeView } from './worker/probe.ts'
import { lane, runTable } from './worker/runs.ts'
import { epochCell } from './workers.ts'

/** How often the worker is read, in milliseconds. */
const EVERY = 2000

/** One worker: what the cluster sees of it, what it answers itself, and what it ran. */
export const workerPage: Page = (host, signal, { path }) => {
  const id = path['id'] ?? ''
  const frame = pageFrame(host, html`${t('worker.title')} ${identifier(id)}`)
  const element = () => document.createElement('div')
  const [laneHost, recentHost, assignedHost] = [element(), element(), element()]
  const chart = createChart(laneHost, signal, {
    label: t('worker.lane'),
    size: 'lane',
    onPick: (run) => navigate(pathTo(routes.run, { id: run })),
  })
  const recent = runTable(recentHost, signal, {
    id: 'ops-worker-recent',
    label: t('worker.recent'),
    empty: t('worker.recentNone'),
    ran: true,
  })
  const assigned = runTable(assignedHost, signal, {
    id: 'ops-worker-assigned',
    label: t('worker.assigned'),
    empty: t('worker.assignedNone'),
    ran: false,
  })
  const watch = watchButton(signal, { kind: 'worker', id })
  let detail: WorkerDetail | undefined
  let failure: Failure | undefined
  let answer: ProbeAnswer | undefined
  let asking = false

  const refresh = latest(signal, () => getWorker(id), {
    done: (read) => {
      const now = parseTime(read.asOf) ?? nowShown()
      detail = read
      failure = undefined
      readAt(now, EVERY)
      const stretches = lane(read.recent, id, now)
      if (stretches) chart.draw(stretches)
      chart.element.hidden = stretches === undefined
      recent.update(read.recent.map((run) => ({ run, now })))
      assigned.update(read.assigned.map((run) => ({ run, now })))
      watch.update(id)
      frame.actions(html`${watch.element}${buttons(workerActions(signal, read.worker, refresh))}`)
      draw()
    },
    failed: (why) => {
      failure = why
      readFailed(why)
      draw()
    },
  })
  const probe = latest(signal, () => probeWorker(id), {
    done: (read) => {
      asking = false
      answer = read
      draw()
    },
    failed: (why) => {
      asking = false
      answer = { workerId: id, address: '', observedEpoch: '', failure: why }
      draw()
    },
  })
  const ask = () => {
    asking = true
    draw()
    probe()
  }

  function draw(): void {
    if (!detail) {
      render(face(failure ? failureFace(failure, refresh) : loadingFace()), frame.body)
      return
    }
    const now = parseTime(detail.asOf) ?? nowShown()
    render(
      html`<div class="ops-grid">
          ${panel(t('worker.redis'), clusterFacts(detail, now), marksView(detail.worker))}
          ${panel(
            t('worker.now'),
            answer ? probeView(answer) : html`<p class="ops-soft mb-0">${t('worker.probeAbout')}</p>`,
            html`<button type="button" class="btn btn-sm btn-outline-primary" ?disabled=${asking} @click=${ask}>
              <i class="bi bi-broadcast-pin" aria-hidden="true"></i> ${asking ? t('worker.probing') : t('worker.probe')}
            </button>`,
          )}
          ${panel(t('worker.certificate'), certificateView(answer))}
        </div>
        ${panel(
          t('worker.lane'),
          html`${laneHost}${chart.element.hidden ? html`<p class="ops-soft mb-0">${t('worker.laneNone')}</p>` : nothing}`,
        )}
        ${panel(t('worker.assigned'), html`<div class="ops-panel-flush">${assignedHost}</div>`)}
        ${panel(t('worker.recent'), html`<div class="ops-panel-flush">${recentHost}</div>`)}`,
      frame.body,
    )
  }

  draw()
  onChange('fleet', signal, refresh)
  refresh()
}

function clusterFacts({ worker, leadership }: WorkerDetail, now: Date) {
  const or = (text: string, view: unknown) => (text === '' ? none() : view)
  return html`${facts([
    [t('worker.node'), or(worker.nodeId, foreign(worker.nodeId))],
    [t('worker.role'), role(worker.role)],
    [t('worker.address'), or(worker.address, identifier(worker.address))],
    [t('worker.heartbeat'), time(worker.lastHeartbeat, { age: now })],
    [t('worker.load'), count(worker.load)],
    [t('worker.currentRun'), runLink(worker.currentRunId)],
    [t('worker.epoch'), epochCell({ worker, epoch: leadership.epoch })],
    [t('worker.seenLeader'), workerLink(worker.seenLeader)],
  ])}${reportsNote(worker)}`
}

/** Says where the numbers come from when the worker publishes none itself. */
function reportsNote(worker: Worker) {
  return worker.reports ? nothing : html`<p class="ops-soft mt-2 mb-0">${t('worker.reportsNot')}</p>`
}
