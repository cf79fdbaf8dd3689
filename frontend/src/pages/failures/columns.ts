import { html, nothing, type TemplateResult } from 'lit-html'
import type { FailureGroup, FailureList } from '../../api/failures.ts'
import { count, fullTime, parseTime, percent } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { runState, runStateName } from '../../ui/badge.ts'
import { properties } from '../../ui/properties.ts'
import { runLink } from '../../ui/routes.ts'
import { spark } from '../../ui/spark.ts'
import type { Column } from '../../ui/table.ts'
import { foreign } from '../../ui/text.ts'
import { exitCell } from '../runs/columns.ts'
import { runsLink } from '../runs/filter.ts'
import { shortTime, zoned } from '../runs/times.ts'

/** A line of the list: a cause among all failures that were looked at. */
export interface CauseRow {
  group: FailureGroup
  list: FailureList
  now: Date
}

/** How many of a cause's jobs a line names. */
const JOBS = 3

/** The columns of the list; made anew for each page, because titles follow the language. */
export function causeColumns(): Column<CauseRow>[] {
  return [
    {
      key: 'runs',
      title: t('failures.column.runs'),
      pinned: true,
      align: 'end',
      value: ({ group }) => group.runs,
      search: () => '',
      cell: ({ group, list }) => runsCell(group, list),
    },
    {
      key: 'cause',
      title: t('failures.column.cause'),
      pinned: true,
      className: 'ops-cell-cause',
      value: ({ group }) => group.cause,
      search: ({ group }) => `${group.cause} ${group.lastError}`,
      cell: ({ group }) => causeCell(group.cause),
    },
    {
      key: 'jobs',
      title: t('failures.column.jobs'),
      className: 'ops-cell-jobs',
      value: ({ group }) => group.jobs.length,
      search: ({ group }) => group.jobs.map((j) => j.name).join(' '),
      cell: ({ group }) => jobsCell(group),
    },
    {
      key: 'state',
      title: t('failures.column.state'),
      value: ({ group }) => group.state,
      search: ({ group }) => runStateName(group.state),
      cell: ({ group }) =>
        html`${runState(group.state)}${
          group.exitCode === undefined
            ? nothing
            : html`<span class="ops-cause-exit"><span class="ops-soft">${t('failures.exit')}</span> ${exitCell(group.exitCode)}</span>`
        }`,
    },
    {
      key: 'spread',
      title: t('failures.column.spread'),
      sortable: false,
      value: () => null,
      search: () => '',
      cell: ({ group }) => spark(group.perBucket, spreadWords(group)),
    },
    {
      key: 'last',
      title: zoned(t('failures.column.last')),
      value: ({ group }) => Date.parse(group.last),
      search: () => '',
      cell: ({ group, now }) => shortTime(group.last, now),
    },
    {
      key: 'first',
      title: zoned(t('failures.column.first')),
      value: ({ group }) => Date.parse(group.first),
      search: () => '',
      cell: ({ group, now }) => shortTime(group.first, now),
    },
    {
      key: 'latest',
      title: t('failures.column.latest'),
      value: ({ group }) => group.lastRunId,
      search: ({ group }) => group.lastRunId,
      cell: ({ group }) => runLink(group.lastRunId),
    },
  ]
}

const PLACEHOLDER = /\{(time|id|mail|url|ip|path|hex|n)\}/

/** A cause, with what stands in it for the parts that differ. */
export function causeCell(cause: string): TemplateResult {
  return html`<span class="ops-cause"
    >${cause
      .split(PLACEHOLDER)
      .map((part, i) =>
        i % 2 === 0 ? foreign(part, { max: 400 }) : html`<span class="ops-blank">${blank(part)}</span>`,
      )}</span
  >`
}

function blank(name: string): string {
  switch (name) {
    case 'time':
    case 'id':
    case 'mail':
    case 'url':
    case 'ip':
    case 'path':
    case 'hex':
      return t(`failures.blank.${name}`)
    default:
      return t('failures.blank.n')
  }
}

function runsCell(group: FailureGroup, list: FailureList): TemplateResult {
  const share = list.runs === 0 ? 0 : group.runs / list.runs
  return html`<a class="ops-cause-runs" href=${causeLink(group)} aria-label=${t('failures.runs.of', { n: group.runs })}
      >${count(group.runs)}</a
    ><span class="ops-share ops-share-bad" title=${percent(share, 1)} ${properties({ '--ops-share': String(share) })}></span>`
}

function jobsCell(group: FailureGroup): TemplateResult {
  const more = group.jobs.length - JOBS
  return html`${group.jobs
    .slice(0, JOBS)
    .map(
      (job) =>
        html`<a class="ops-cause-job" href=${causeLink(group, job.id)}>${foreign(job.name, { max: 60 })}</a>${
          group.jobs.length > 1 ? html` <span class="ops-soft">${count(job.runs)}</span>` : nothing
        } `,
    )}${more > 0 ? html`<span class="ops-soft">${t('failures.moreJobs', { n: more })}</span>` : nothing}`
}

function spreadWords(group: FailureGroup): string {
  const first = parseTime(group.first)
  const last = parseTime(group.last)
  if (!first || !last) return ''
  return visible(t('failures.spread', { n: group.runs, first: fullTime(first), last: fullTime(last) }))
}

/**
 * The list of runs with a cause's filter. The list knows no causes: it is narrowed by state, time, and the longest text that
 * the errors have in common, which may let a few others in.
 */
export function causeLink(group: FailureGroup, jobId = ''): string {
  const job = jobId === '' && group.jobs.length === 1 ? (group.jobs[0]?.id ?? '') : jobId
  return runsLink({
    states: [group.state],
    jobId: job,
    range: 'custom',
    from: instant(group.firstMade, 0),
    // The list's end is exclusive, and instants here have milliseconds only.
    before: instant(group.lastMade, 1),
    errorText: group.searchText,
  })
}

function instant(wire: string, plus: number): string {
  const at = parseTime(wire)
  return at ? new Date(at.getTime() + plus).toISOString() : ''
}
