import { html, nothing, type TemplateResult } from 'lit-html'
import type { Finding, JobExpectation } from '../../api/windows.ts'
import { failureText } from '../../lib/failure.ts'
import { count, duration, fullTime, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { jobLink, runLink } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { none, time } from '../../ui/text.ts'
import { scheduleWords } from '../jobs/schedule.ts'
import { AMISS, type Verdict, verdictBadge, verdictName } from './verdicts.ts'

/** Chooses the findings of one job, or one verdict of it. */
export type Choose = (jobId: string, verdict: Verdict | '') => void

/** How many of a job's due times and runs have some verdict. */
const of = (job: JobExpectation, verdict: string) =>
  (Object.hasOwn(job.counts, verdict) ? job.counts[verdict] : undefined) ?? 0

/** How many of a job's findings are to be looked at. */
export function amiss(job: JobExpectation): number {
  return AMISS.reduce((sum, verdict) => sum + of(job, verdict), 0)
}

/** A line a job. */
export function jobColumns(choose: Choose): Column<JobExpectation>[] {
  const counted = (verdict: Verdict): Column<JobExpectation> => ({
    key: verdict,
    title: verdictName(verdict),
    align: 'end',
    value: (job) => of(job, verdict),
    search: () => '',
    cell: (job) =>
      number(of(job, verdict), AMISS.includes(verdict) ? () => choose(job.id, verdict) : undefined, verdict),
  })
  return [
    {
      key: 'name',
      title: t('jobs.column.name'),
      pinned: true,
      className: 'ops-cell-name ops-job-name',
      value: (job) => job.name,
      cell: (job) => jobLink(job.id, job.name, 80),
    },
    {
      key: 'due',
      title: t('expected.due'),
      align: 'end',
      value: (job) => job.due,
      search: () => '',
      cell: (job) => number(job.due),
    },
    counted('on_time'),
    counted('late'),
    counted('missed'),
    counted('skipped'),
    counted('withdrawn'),
    counted('duplicate'),
    counted('not_due'),
    { ...counted('retry'), hidden: true },
    { ...counted('waiting'), hidden: true },
    {
      key: 'schedule',
      title: t('jobs.column.schedule'),
      value: (job) => scheduleWords(job.scheduleShape)?.when ?? '',
      cell: (job) => html`${scheduleCell(job)}`,
    },
    {
      key: 'changed',
      title: t('expected.changed'),
      value: (job) => job.changedAt,
      search: () => '',
      cell: (job) =>
        job.changedAt === ''
          ? none()
          : html`<span class="ops-warn" title=${t('expected.uncertain.title')}
              ><i class="bi bi-pencil" aria-hidden="true"></i> ${time(job.changedAt, { seconds: false })}</span
            >`,
    },
  ]
}

function scheduleCell(job: JobExpectation): TemplateResult {
  if (job.scheduleFailure) {
    return html`<span class="ops-bad" title=${failureText(job.scheduleFailure)}>${t('jobs.never')}</span>`
  }
  return html`${scheduleWords(job.scheduleShape)?.when ?? nothing}${
    job.enabled ? nothing : html` <span class="ops-soft">(${t('jobs.disabled')})</span>`
  }`
}

function number(n: number, choose?: () => void, verdict?: Verdict): TemplateResult {
  if (n === 0) return html`<span class="ops-none">0</span>`
  if (!choose) return html`${count(n)}`
  return html`<button type="button" class="btn btn-sm btn-link ops-number ops-verdict-is-${verdict === 'missed' ? 'bad' : 'warn'}" @click=${choose}>
    ${count(n)}
  </button>`
}

/** A due time or a run that is not as it should be. */
export interface FindingRow {
  readonly key: string
  readonly finding: Finding
  readonly job: string
}

export function findingColumns(): Column<FindingRow>[] {
  return [
    {
      key: 'verdict',
      title: t('expected.verdict'),
      pinned: true,
      value: ({ finding }) => finding.verdict,
      search: ({ finding }) => verdictName(finding.verdict),
      cell: ({ finding }) =>
        html`${verdictBadge(finding.verdict)}${
          finding.uncertain
            ? html` <span class="ops-soft" title=${t('expected.uncertain.title')}>${t('expected.uncertain')}</span>`
            : nothing
        }`,
    },
    {
      key: 'job',
      title: t('runs.column.job'),
      className: 'ops-cell-name',
      value: ({ job }) => job,
      cell: ({ finding, job }) => jobLink(finding.jobId, job),
    },
    {
      key: 'at',
      title: t('expected.at'),
      value: ({ finding }) => finding.at,
      search: ({ finding }) => {
        const at = parseTime(finding.at)
        return at ? fullTime(at) : ''
      },
      cell: ({ finding }) => time(finding.at),
    },
    {
      key: 'run',
      title: t('runs.column.id'),
      value: ({ finding }) => finding.runId,
      cell: ({ finding }) => runLink(finding.runId),
    },
    {
      key: 'state',
      title: t('runs.column.state'),
      value: ({ finding }) => finding.runState,
      cell: ({ finding }) => (finding.runState === '' ? none() : runState(finding.runState)),
    },
    {
      key: 'delay',
      title: t('runs.column.delay'),
      align: 'end',
      value: ({ finding }) => finding.delayMs,
      search: () => '',
      cell: ({ finding }) => (finding.delayMs > 0 ? duration(finding.delayMs) : none()),
    },
  ]
}
