import { html, nothing, type TemplateResult } from 'lit-html'
import type { JobDetail, JobHistory } from '../../api/jobs.ts'
import { count, duration, fullTime, parseTime, percent } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { runStateName, runStateToken } from '../../ui/badge.ts'
import type { OverTime } from '../../ui/chart.ts'
import { none } from '../../ui/text.ts'
import { runsLink } from '../runs/filter.ts'

/** How the latest runs ended, over time. */
export function resultsChart(history: JobHistory): OverTime {
  return {
    kind: 'bars',
    from: new Date(history.from),
    bucketMs: history.bucketMs,
    series: history.series.map((s) => ({ name: runStateName(s.state), token: runStateToken(s.state), values: s.runs })),
  }
}

/** How long they took, over time: the median and the longest of each stretch. */
export function durationsChart(history: JobHistory): OverTime {
  const buckets = Math.round((Date.parse(history.to) - Date.parse(history.from)) / history.bucketMs)
  const line = (value: (point: JobHistory['durations'][number]) => number) => {
    const values: (number | null)[] = new Array(buckets).fill(null)
    for (const point of history.durations) values[point.bucket] = value(point)
    return values
  }
  return {
    kind: 'lines',
    from: new Date(history.from),
    bucketMs: history.bucketMs,
    format: duration,
    series: [
      { name: t('job.history.median'), token: '--ops-run-running', values: line((p) => p.p50Ms) },
      { name: t('job.history.longest'), token: '--ops-run-timed-out', values: line((p) => p.maxMs) },
    ],
  }
}

/** The runs behind a bar of the results, or one state of it. Runs are made up to a minute before their time. */
export function resultsLink({ id, history }: JobDetail, bucket: number, series?: number): string {
  const start = Date.parse(history.from) + bucket * history.bucketMs
  const state = series === undefined ? undefined : history.series[series]?.state
  return runsLink({
    jobId: id,
    states: state === undefined ? [] : [state],
    range: 'custom',
    from: new Date(start - 60_000).toISOString(),
    before: new Date(start + history.bucketMs).toISOString(),
  })
}

/** Success rate, durations and start delays in numbers. */
export function historyFigures(history: JobHistory): TemplateResult | typeof nothing {
  if (history.runs === 0) return nothing
  const { duration: took, startDelay: delay } = history
  const figure = (name: string, value: unknown) => html`<div class="ops-figure"><dt>${name}</dt><dd>${value}</dd></div>`
  const of = (n: number, ms: number) => (n === 0 ? none() : duration(ms))
  return html`<dl class="ops-figures">
    ${figure(
      t('jobs.column.success'),
      history.ended === 0
        ? none()
        : html`${percent(history.succeeded / history.ended, history.succeeded === history.ended ? 0 : 1)}
            <small class="ops-soft">${count(history.succeeded)}/${count(history.ended)}</small>`,
    )}
    ${figure(t('job.history.p50'), of(took.n, took.p50Ms))} ${figure(t('job.history.p95'), of(took.n, took.p95Ms))}
    ${figure(t('job.history.delay'), of(delay.n, delay.p50Ms))}
    ${figure(t('job.history.delay95'), of(delay.n, delay.p95Ms))}
  </dl>`
}

/** What stretch of time the history is about, and that there is more where it was cut. */
export function historySpan(history: JobHistory): TemplateResult | typeof nothing {
  const from = parseTime(history.from)
  if (!from || history.runs === 0) return nothing
  const words = t(history.capped ? 'job.history.capped' : 'job.history.all', {
    n: history.runs,
    from: fullTime(from).replace(/:\d\d\.\d+/, ''),
  })
  return html`<span class="ops-soft">${words}</span>`
}
