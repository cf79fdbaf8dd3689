import { html, nothing, render, type TemplateResult } from 'lit-html'
import { type Leadership, listWorkers, type Worker } from '../api/workers.ts'
import { count, parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { role } from '../ui/badge.ts'
import { failureFace, loadingFace } from '../ui/face.ts'
import { menu } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { routes, runLink, workerLink } from '../ui/routes.ts'
import { type Column, createTable } from '../ui/table.ts'
import { foreign, identifier, none, time } from '../ui/text.ts'
import { fleetUnknown, knownBy } from './basis.ts'
import { marksOf, marksView } from './worker/marks.ts'
import { workerActions } from './worker/operations.ts'

/** How often the fleet is read, in milliseconds. */
const EVERY = 2000

/** A worker with what a cell needs besides: when this was read, and the epoch that the cluster is in. */
interface Row {
  readonly worker: Worker
  readonly epoch: string
  readonly now: Date
}

/** Every worker, live. Rows are patched by worker id, so nothing flickers or jumps. */
export const workersPage: Page = (host, signal) => {
  const frame = pageFrame(host, t('workers.title'), { lead: t('workers.lead'), fill: true })
  const figures = document.createElement('div')
  frame.actions(html`${knownBy('fleet')}`)
  frame.body.append(figures)
  const table = createTable<Row>(frame.body, signal, {
    id: 'ops-workers',
    label: t('workers.title'),
    columns: columns(signal, () => refresh()),
    key: ({ worker }) => worker.id,
    open: ({ worker }) => navigate(pathTo(routes.worker, { id: worker.id })),
    rowClass: ({ worker }) => (worker.silent || worker.lost ? 'ops-row-silent' : ''),
    order: ['node', 'asc'],
    fill: true,
    empty: { kind: 'empty', title: t('workers.empty'), text: t('workers.emptyText') },
  })
  let shown = false
  const refresh = latest(signal, listWorkers, {
    done: (list) => {
      const now = parseTime(list.asOf) ?? nowShown()
      shown = true
      readAt(now, EVERY)
      const unknown = fleetUnknown(list.workers.length)
      render(summary(list.workers, unknown ? undefined : list.leadership), figures)
      table.update(list.workers.map((worker) => ({ worker, epoch: list.leadership.epoch, now })))
      table.face(unknown ?? null)
    },
    failed: (failure) => {
      readFailed(failure)
      if (!shown) table.face(failureFace(failure, refresh))
    },
  })
  render(summary([], undefined), figures)
  table.face(loadingFace())
  onChange('fleet', signal, refresh)
  refresh()
}

function figure(name: string, value: unknown): TemplateResult {
  return html`<div class="ops-figure"><dt>${name}</dt><dd>${value}</dd></div>`
}

/** How many workers there are and what is the matter with them. It has its height before the first answer. */
function summary(workers: readonly Worker[], leadership: Leadership | undefined): TemplateResult {
  const having = (mark: ReturnType<typeof marksOf>[number]) => workers.filter((w) => marksOf(w).includes(mark)).length
  const silent = having('silent') + having('lost')
  const leader = leadership?.leaderId
  return html`<dl class="ops-figures">
    ${figure(t('workers.total'), leadership ? count(workers.length) : none())}
    ${figure(
      t('worker.mark.silent'),
      leadership ? html`<span class=${silent > 0 ? 'ops-bad' : ''}>${count(silent)}</span>` : none(),
    )}
    ${figure(t('worker.mark.draining'), leadership ? count(having('draining')) : none())}
    ${figure(t('worker.mark.detached'), leadership ? count(having('detached')) : none())}
    ${figure(
      t('workers.leader'),
      leader === undefined
        ? none()
        : leader === ''
          ? html`<span class="ops-bad">${t('workers.leaderNone')}</span>`
          : workerLink(leader),
    )}
  </dl>`
}

const ROLES = ['leader', 'subleader', 'worker']

function columns(signal: AbortSignal, done: () => void): Column<Row>[] {
  return [
    {
      key: 'id',
      title: t('worker.id'),
      value: ({ worker }) => worker.id,
      cell: ({ worker }) => workerLink(worker.id),
      pinned: true,
    },
    {
      key: 'actions',
      title: t('worker.actions'),
      value: () => null,
      search: () => '',
      sortable: false,
      cell: ({ worker }) =>
        html`${menu(t('worker.actionsOf', { worker: visible(worker.id) }), workerActions(signal, worker, done))}`,
    },
    {
      key: 'node',
      title: t('worker.node'),
      value: ({ worker }) => worker.nodeId,
      cell: ({ worker }) => (worker.nodeId === '' ? none() : foreign(worker.nodeId)),
    },
    {
      key: 'role',
      title: t('worker.role'),
      // Sorted by rank; searched by the word that is shown.
      value: ({ worker }) => ROLES.indexOf(worker.role),
      search: ({ worker }) => roleName(worker.role),
      cell: ({ worker }) => role(worker.role),
    },
    {
      key: 'marks',
      title: t('worker.marks'),
      value: ({ worker }) => marksOf(worker).join(' '),
      search: ({ worker }) =>
        marksOf(worker)
          .map((m) => t(`worker.mark.${m}`))
          .join(' '),
      cell: ({ worker }) => marksView(worker),
    },
    {
      key: 'heartbeat',
      title: t('worker.heartbeat'),
      value: ({ worker }) => parseTime(worker.lastHeartbeat)?.getTime() ?? null,
      search: () => '',
      cell: ({ worker, now }) => time(worker.lastHeartbeat, { age: now }),
    },
    {
      key: 'load',
      title: t('worker.load'),
      align: 'end',
      value: ({ worker }) => worker.load,
      search: () => '',
      cell: ({ worker }) => count(worker.load),
    },
    {
      key: 'run',
      title: t('worker.currentRun'),
      value: ({ worker }) => worker.currentRunId,
      cell: ({ worker }) => runLink(worker.currentRunId),
    },
    {
      key: 'assigned',
      title: t('worker.assigned'),
      align: 'end',
      value: ({ worker }) => worker.assignedRuns,
      search: () => '',
      cell: ({ worker }) => count(worker.assignedRuns),
    },
    {
      key: 'epoch',
      title: t('worker.epoch'),
      align: 'end',
      value: ({ worker }) => (worker.seenEpoch === '' ? null : Number(worker.seenEpoch)),
      search: () => '',
      cell: (row) => epochCell(row),
    },
    {
      key: 'address',
      title: t('worker.address'),
      value: ({ worker }) => worker.address,
      cell: ({ worker }) => (worker.address === '' ? none() : identifier(worker.address)),
    },
    {
      key: 'leader',
      title: t('worker.seenLeader'),
      value: ({ worker }) => worker.seenLeader,
      cell: ({ worker }) => workerLink(worker.seenLeader),
      hidden: true,
    },
  ]
}

function roleName(name: string): string {
  return name === 'leader' || name === 'subleader' || name === 'worker' ? t(`worker.role.${name}`) : name
}

/** The epoch that a worker sees, and the cluster's where it is another. */
export function epochCell({ worker, epoch }: Pick<Row, 'worker' | 'epoch'>): TemplateResult {
  if (worker.seenEpoch === '') return none()
  const behind = epoch !== '' && worker.seenEpoch !== epoch
  return html`<span class="ops-mono">${foreign(worker.seenEpoch)}</span>${
    behind
      ? html` <span class="ops-bad" title=${t('worker.epochBehindTitle')}
          ><i class="bi bi-exclamation-triangle-fill" aria-hidden="true"></i> ${t('worker.epochBehind', { epoch })}</span
        >`
      : nothing
  }`
}
