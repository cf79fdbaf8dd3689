import type { WorkerRun } from '../../api/workers.ts'
import { duration, fullTime, parseTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { runStateName, runStateToken } from '../../ui/badge.ts'
import type { Lanes, Stretch } from '../../ui/chart.ts'
import { jobLink, routes, runLink, workerLink } from '../../ui/routes.ts'
import { type Column, createTable, type Table } from '../../ui/table.ts'
import { foreign, none, time } from '../../ui/text.ts'
import { stateThen } from '../basis.ts'
import { gist } from '../runs/measures.ts'

/** How long a run took, or has taken until `now`; undefined before it started. */
export function runDuration(run: WorkerRun, now: Date): number | undefined {
  const started = parseTime(run.startedAt)
  if (!started) return undefined
  return (parseTime(run.finishedAt) ?? now).getTime() - started.getTime()
}

/** A run with the time at which it was read, for the duration of one that goes on. */
export interface RunRow {
  readonly run: WorkerRun
  readonly now: Date
}

/** A table of a worker's or a job's runs, newest first as given. */
export function runTable(
  host: HTMLElement,
  signal: AbortSignal,
  options: { id: string; label: string; empty: string; ran: boolean; of?: 'worker' | 'job' },
): Table<RunRow> {
  return createTable<RunRow>(host, signal, {
    id: options.id,
    label: options.label,
    key: ({ run }) => run.id,
    open: ({ run }) => navigate(pathTo(routes.run, { id: run.id })),
    plain: true,
    columns: [...named(options.of ?? 'worker'), ...(options.ran ? ran() : [])],
    empty: { kind: 'empty', title: options.empty },
  })
}

function named(of: 'worker' | 'job'): Column<RunRow>[] {
  return [
    { key: 'id', title: t('worker.run.id'), value: ({ run }) => Number(run.id), cell: ({ run }) => runLink(run.id) },
    of === 'worker'
      ? {
          key: 'job',
          title: t('worker.run.job'),
          value: ({ run }) => run.jobName,
          cell: ({ run }) => jobLink(run.jobId, run.jobName, 60),
        }
      : {
          key: 'worker',
          title: t('runs.column.worker'),
          value: ({ run }) => run.workerId,
          cell: ({ run }) => workerLink(run.workerId),
        },
    {
      key: 'state',
      title: t('worker.run.state'),
      value: ({ run }) => run.state,
      cell: ({ run }) => stateThen(run),
    },
    {
      key: 'scheduled',
      title: t('worker.run.scheduled'),
      value: ({ run }) => run.scheduledFor,
      cell: ({ run }) => time(run.scheduledFor),
    },
  ]
}

function ran(): Column<RunRow>[] {
  return [
    {
      key: 'started',
      title: t('worker.run.started'),
      value: ({ run }) => run.startedAt,
      cell: ({ run }) => time(run.startedAt),
    },
    {
      key: 'duration',
      title: t('worker.run.duration'),
      align: 'end',
      value: ({ run, now }) => runDuration(run, now) ?? null,
      cell: ({ run, now }) => {
        const length = runDuration(run, now)
        return length === undefined ? none() : duration(length)
      },
    },
    {
      key: 'error',
      title: t('worker.run.error'),
      value: ({ run }) => run.errorSummary,
      cell: ({ run }) => (run.errorSummary === '' ? none() : foreign(gist(run.errorSummary), { max: 120 })),
      className: 'ops-wrap',
    },
  ]
}

/** The lane shows at least this long, in milliseconds, so that a single short run doesn't fill it. */
const LANE = 15 * 60_000

/** A worker's runs as stretches on one lane; undefined when none has started. */
export function lane(runs: readonly WorkerRun[], workerId: string, now: Date): Lanes | undefined {
  const stretches = runs.flatMap((run): Stretch[] => {
    const from = parseTime(run.startedAt)
    if (!from) return []
    const to = parseTime(run.finishedAt) ?? now
    const label = [
      `#${run.id} ${visible(run.jobName)}`,
      `${runStateName(run.state)}  ${duration(to.getTime() - from.getTime())}`,
      fullTime(from),
    ].join('\n')
    return [{ lane: 0, id: run.id, from, to, token: runStateToken(run.state), label }]
  })
  if (stretches.length === 0) return undefined
  const from = new Date(Math.min(now.getTime() - LANE, ...stretches.map((s) => s.from.getTime())))
  return { kind: 'lanes', from, to: now, lanes: [workerId.slice(0, 24)], stretches }
}
