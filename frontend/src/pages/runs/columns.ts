import { html, nothing, type TemplateResult } from 'lit-html'
import type { Run } from '../../api/runs.ts'
import { duration } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { jobLink, runLink, workerLink } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, none, optional } from '../../ui/text.ts'
import { stateThen } from '../basis.ts'
import { durationOf, gist, startDelay } from './measures.ts'
import { shortTime, zoned } from './times.ts'

/** A line of the list: a run as it was at `now`. */
export interface RunRow {
  run: Run
  now: Date
  /** It was on this page and no longer matches the filters. */
  left?: boolean
}

/** How much of an error and of a log reference a line shows. */
const ERROR_LENGTH = 160
const LOG_LENGTH = 40
/** A start later than this, in milliseconds, is worth a second look; the dashboard's limit for late runs. */
const LATE = 60_000

/** The columns of the list; made anew for each page, because titles follow the language. */
export function runColumns(): Column<RunRow>[] {
  const timeColumn = (key: string, title: string, wire: (run: Run) => string, hidden = false): Column<RunRow> => ({
    key,
    title: zoned(title),
    hidden,
    value: ({ run }) => wire(run),
    cell: ({ run, now }) => shortTime(wire(run), now),
  })
  return [
    {
      key: 'id',
      title: t('runs.column.id'),
      pinned: true,
      value: ({ run }) => run.id,
      cell: ({ run }) => runLink(run.id),
    },
    { key: 'state', title: t('runs.column.state'), pinned: true, value: ({ run }) => run.state, cell: stateCell },
    {
      key: 'job',
      title: t('runs.column.job'),
      className: 'ops-cell-name',
      value: ({ run }) => run.jobName,
      cell: ({ run }) => jobLink(run.jobId, run.jobName),
    },
    timeColumn('scheduled', t('runs.column.scheduled'), (run) => run.scheduledFor),
    timeColumn('started', t('runs.column.started'), (run) => run.startedAt),
    {
      key: 'delay',
      title: t('runs.column.delay'),
      align: 'end',
      value: ({ run }) => startDelay(run) ?? null,
      cell: ({ run }) => delayCell(run),
    },
    {
      key: 'duration',
      title: t('runs.column.duration'),
      align: 'end',
      value: ({ run, now }) => durationOf(run, now) ?? null,
      cell: durationCell,
    },
    {
      key: 'exit',
      title: t('runs.column.exit'),
      align: 'end',
      value: ({ run }) => run.exitCode ?? null,
      cell: ({ run }) => exitCell(run.exitCode),
    },
    {
      key: 'worker',
      title: t('runs.column.worker'),
      value: ({ run }) => run.workerId,
      cell: ({ run }) => workerLink(run.workerId),
    },
    {
      key: 'error',
      title: t('runs.column.error'),
      className: 'ops-cell-error',
      value: ({ run }) => gist(run.errorSummary),
      cell: ({ run }) => (run.errorSummary === '' ? none() : foreign(gist(run.errorSummary), { max: ERROR_LENGTH })),
    },
    { key: 'attempt', title: t('runs.column.attempt'), align: 'end', value: ({ run }) => run.attempt },
    timeColumn('created', t('runs.column.created'), (run) => run.createdAt, true),
    timeColumn('finished', t('runs.column.finished'), (run) => run.finishedAt, true),
    {
      key: 'epoch',
      title: t('runs.column.epoch'),
      align: 'end',
      hidden: true,
      value: ({ run }) => run.leaderEpoch,
      cell: ({ run }) => optional(run.leaderEpoch),
    },
    {
      key: 'log',
      title: t('runs.column.log'),
      hidden: true,
      value: ({ run }) => run.logRef,
      cell: ({ run }) => (run.logRef === '' ? none() : logCell(run.logRef)),
    },
  ]
}

function stateCell({ run, left }: RunRow): TemplateResult {
  return html`${stateThen(run)}${
    left ? html` <i class="bi bi-funnel" role="img" aria-label=${t('runs.left')} title=${t('runs.left')}></i>` : nothing
  }${
    run.confirming
      ? html`<span class="ops-badge ops-verdict-warn" title=${t('runs.confirming.title')}
          ><i class="bi bi-question-lg" aria-hidden="true"></i>${t('runs.confirming')}</span
        >`
      : nothing
  }`
}

function delayCell(run: Run): TemplateResult {
  const delay = startDelay(run)
  if (delay === undefined) return none()
  return html`<span class=${delay > LATE ? 'ops-warn' : nothing}
    >${delay > LATE ? html`<i class="bi bi-hourglass-split" aria-hidden="true"></i> ` : nothing}${duration(delay)}</span
  >`
}

function durationCell({ run, now }: RunRow): TemplateResult {
  const took = durationOf(run, now)
  if (took === undefined) return none()
  return run.finishedAt === ''
    ? html`<span class="ops-soft">${t('runs.soFar')}</span> ${duration(took)}`
    : html`${duration(took)}`
}

/** An exit code; anything but 0 stands out. */
export function exitCell(code: number | undefined): TemplateResult {
  if (code === undefined) return none()
  return html`<span class=${code === 0 ? 'ops-mono' : 'ops-mono ops-bad'}>${code}</span>`
}

function logCell(ref: string): TemplateResult {
  return html`<span class="ops-mono" title=${visible(cut(ref, 512).text)}>${foreign(ref, { max: LOG_LENGTH })}</span>`
}
