import { html, nothing, type TemplateResult } from 'lit-html'
import type { Job } from '../../api/jobs.ts'
import { localClock, utcClock } from '../../lib/clocks.ts'
import { age, count, duration, fullTime, parseTime, percent } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { nowShown } from '../../lib/moment.ts'
import { pathTo } from '../../lib/router.ts'
import { t, tryText } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { type Action, menu } from '../../ui/menu.ts'
import { properties } from '../../ui/properties.ts'
import { jobLink, routes } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { identifier, none } from '../../ui/text.ts'
import { runsLink } from '../runs/filter.ts'
import { type Clock, nextTimes } from './next.ts'
import { scheduleCell, scheduleText } from './schedulecell.ts'

/** A line of the list: a job as it was at `now`. */
export interface JobRow {
  job: Job
  now: Date
}

/** A success rate below this is coloured. */
const POOR = 0.9

/** The columns of the list; made anew for each page, because titles follow the language. */
export function jobColumns(showJson: (job: Job) => void, actions: (job: Job) => readonly Action[]): Column<JobRow>[] {
  return [
    {
      key: 'name',
      title: t('jobs.column.name'),
      pinned: true,
      className: 'ops-cell-name ops-job-name',
      value: ({ job }) => job.name,
      cell: ({ job }) => jobLink(job.id, job.name, 120),
    },
    {
      key: 'actions',
      title: t('jobs.column.actions'),
      sortable: false,
      value: () => null,
      search: () => '',
      cell: ({ job }) => html`${menu(t('job.op.of', { job: visible(job.name) }), actions(job))}`,
    },
    {
      key: 'enabled',
      title: t('jobs.column.enabled'),
      value: ({ job }) => Number(job.enabled),
      search: ({ job }) => enabledWord(job),
      cell: ({ job }) => enabledCell(job),
    },
    {
      key: 'type',
      title: t('jobs.column.type'),
      value: ({ job }) => job.type,
      search: ({ job }) => typeWord(job.type),
      cell: ({ job }) => typeWord(job.type),
    },
    {
      key: 'schedule',
      title: t('jobs.column.schedule'),
      className: 'ops-cell-schedule',
      value: ({ job }) => scheduleText(job),
      cell: ({ job }) => scheduleCell(job, () => showJson(job)),
    },
    nextColumn('next', `${t('jobs.column.next')} (${localClock(nowShown()).offset})`, localClock),
    nextColumn('nextUtc', `${t('jobs.column.next')} (UTC)`, utcClock),
    {
      key: 'last',
      title: t('jobs.column.last'),
      value: ({ job }) => (job.lastRunAt === '' ? null : Date.parse(job.lastRunAt)),
      search: () => '',
      cell: ({ job, now }) => lastCell(job, now),
    },
    {
      key: 'success',
      title: t('jobs.column.success'),
      value: ({ job }) => (job.ended === 0 ? null : job.succeeded / job.ended),
      search: () => '',
      cell: ({ job }) => successCell(job),
    },
    {
      key: 'runs',
      title: t('jobs.column.runs'),
      sortable: false,
      value: () => null,
      cell: ({ job }) =>
        html`<a href=${runsLink({ jobId: job.id })} aria-label=${t('jobs.runs.of', { job: visible(job.name) })}
          >${t('jobs.runs.link')}</a
        >`,
    },
    {
      key: 'command',
      title: t('jobs.column.command'),
      value: ({ job }) => job.command,
      cell: ({ job }) => identifier(job.command),
    },
    {
      key: 'policy',
      title: t('jobs.column.policy'),
      value: ({ job }) => job.concurrencyPolicy,
      search: ({ job }) => policyWord(job.concurrencyPolicy),
      cell: ({ job }) => policyWord(job.concurrencyPolicy),
    },
    {
      key: 'timeout',
      title: t('jobs.column.timeout'),
      align: 'end',
      value: ({ job }) => job.timeoutSeconds,
      search: () => '',
      cell: ({ job }) =>
        job.timeoutSeconds > 0
          ? duration(job.timeoutSeconds * 1000)
          : html`<span class="ops-soft">${t('jobs.timeout.none')}</span>`,
    },
    {
      key: 'retries',
      title: t('jobs.column.retries'),
      align: 'end',
      value: ({ job }) => job.maxRetries,
      search: () => '',
      cell: ({ job }) => count(job.maxRetries),
    },
  ]
}

function nextColumn(key: string, title: string, clock: Clock): Column<JobRow> {
  return {
    key,
    title,
    value: ({ job }) => (job.next[0] === undefined ? null : Date.parse(job.next[0])),
    search: () => '',
    cell: ({ job, now }) => nextTimes(job, now, clock),
  }
}

function enabledWord(job: Job): string {
  return job.enabled ? t('jobs.enabled') : t('jobs.disabled')
}

function enabledCell(job: Job): TemplateResult {
  return html`<span class="ops-badge ops-flag-${job.enabled ? 'yes' : 'no'}"
    ><i class="bi ${job.enabled ? 'bi-check-lg' : 'bi-pause-circle'}" aria-hidden="true"></i>${enabledWord(job)}</span
  >`
}

function typeWord(type: string): string {
  return tryText(`jobs.type.${type}`, {}) ?? visible(type)
}

function policyWord(policy: string): string {
  return tryText(`jobs.policy.${policy}`, {}) ?? visible(policy)
}

function lastCell(job: Job, now: Date): TemplateResult {
  if (job.lastRunId === '') return none()
  return html`<a class="ops-job-last" href=${pathTo(routes.run, { id: job.lastRunId })}
    >${runState(job.lastRunState)} ${ageOf(job.lastRunAt, now)}</a
  >`
}

/** How long ago an instant was; the instant itself is in the title. */
function ageOf(wire: string, now: Date): TemplateResult | typeof nothing {
  const at = parseTime(wire)
  if (!at) return nothing
  return html`<time class="ops-age" datetime=${at.toISOString()} title=${fullTime(at)}>${age(at, now)}</time>`
}

/** How many of the latest runs succeeded, as numbers and as a bar. */
function successCell(job: Job): TemplateResult {
  if (job.ended === 0) return html`<span class="ops-soft">${t('jobs.success.none')}</span>`
  const share = job.succeeded / job.ended
  return html`<span
    class="ops-success ${share < POOR ? 'ops-success-poor' : ''}"
    title=${t('jobs.success.of', { succeeded: job.succeeded, n: job.ended })}
    ><span class="ops-share" ${properties({ '--ops-share': String(share) })}></span>${percent(share)}
    <span class="ops-soft">${count(job.succeeded)}/${count(job.ended)}</span></span
  >`
}
