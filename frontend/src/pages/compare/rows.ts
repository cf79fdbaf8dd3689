import { html, type TemplateResult } from 'lit-html'
import type { RunDetail } from '../../api/runs.ts'
import { bytes, duration } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { jobLink, workerLink } from '../../ui/routes.ts'
import { foreign, none, optional, time } from '../../ui/text.ts'
import { exitCell } from '../runs/columns.ts'
import { durationOf, startDelay } from '../runs/measures.ts'

/** A fact of two runs: what to compare by, and what is shown. */
export interface ComparedRow {
  readonly name: string
  readonly left: TemplateResult | string
  readonly right: TemplateResult | string
  /** They differ in what matters: times and ids always do, and say nothing by that. */
  readonly differs: boolean
}

/** What two runs are, fact by fact. */
export function comparedRows(left: RunDetail, right: RunDetail, now: Date): ComparedRow[] {
  const row = (
    name: string,
    show: (d: RunDetail) => TemplateResult | string,
    by?: (d: RunDetail) => unknown,
  ): ComparedRow => ({
    name,
    left: show(left),
    right: show(right),
    differs: by !== undefined && by(left) !== by(right),
  })
  const span = (ms: number | undefined) => (ms === undefined ? none() : duration(ms))
  const size = (n: number | undefined) => (n === undefined ? none() : bytes(n))
  return [
    row(
      t('run.fact.job'),
      ({ run }) => jobLink(run.jobId, run.jobName),
      ({ run }) => run.jobId,
    ),
    row(
      t('runs.column.state'),
      ({ run }) => runState(run.state),
      ({ run }) => run.state,
    ),
    row(
      t('run.fact.command'),
      ({ run }) => foreign(run.command),
      ({ run }) => run.command,
    ),
    row(
      t('run.fact.exit'),
      ({ run }) => exitCell(run.exitCode),
      ({ run }) => run.exitCode,
    ),
    row(
      t('run.fact.worker'),
      ({ run }) => workerLink(run.workerId),
      ({ run }) => run.workerId,
    ),
    row(
      t('run.fact.attempt'),
      ({ run }) => String(run.attempt),
      ({ run }) => run.attempt,
    ),
    row(
      t('run.fact.epoch'),
      ({ run }) => optional(run.leaderEpoch),
      ({ run }) => run.leaderEpoch,
    ),
    row(t('runs.column.scheduled'), ({ run }) => time(run.scheduledFor)),
    row(t('runs.column.started'), ({ run }) => time(run.startedAt)),
    row(t('runs.column.finished'), ({ run }) => time(run.finishedAt)),
    row(t('runs.column.delay'), ({ run }) => span(startDelay(run))),
    row(t('runs.column.duration'), ({ run }) => span(durationOf(run, now))),
    row(t('run.fact.cpu'), ({ run }) => span(run.cpuSeconds === undefined ? undefined : run.cpuSeconds * 1000)),
    row(t('run.fact.rss'), ({ run }) => size(run.peakRssBytes)),
    row(t('run.fact.read'), ({ run }) => size(run.ioReadBytes)),
    row(t('run.fact.written'), ({ run }) => size(run.ioWriteBytes)),
    row(
      t('job.args'),
      ({ args }) => argsView(args),
      ({ args }) => args,
    ),
    row(
      t('run.error'),
      ({ run }) => errorView(run.errorSummary),
      ({ run }) => run.errorSummary,
    ),
  ]
}

/** The arguments of one run, or that it got its job's. */
export function argsView(args: string): TemplateResult {
  if (args === '') return html`<span class="ops-soft">${t('run.args.job')}</span>`
  return html`<pre class="ops-pre ops-compare-pre">${foreign(args, { max: 4000, keep: '\n' })}</pre>`
}

function errorView(error: string): TemplateResult {
  if (error === '') return none()
  return html`<pre class="ops-pre ops-compare-pre">${foreign(error, { max: 2000, keep: '\n\t' })}</pre>`
}

/** How much longer or shorter one took than the other, in words; undefined where one has no duration. */
export function durationWords(left: RunDetail, right: RunDetail, now: Date): string | undefined {
  const [a, b] = [durationOf(left.run, now), durationOf(right.run, now)]
  if (a === undefined || b === undefined) return undefined
  const ids = { left: left.run.id, right: right.run.id }
  if (Math.abs(a - b) < 1) return t('compare.same')
  const span = duration(Math.abs(a - b))
  return a < b
    ? t('compare.longer', { longer: ids.right, shorter: ids.left, span })
    : t('compare.longer', { longer: ids.left, shorter: ids.right, span })
}
