import { html, type TemplateResult } from 'lit-html'
import type { Activity, Percentiles } from '../../api/dashboard.ts'
import { count, duration } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { runState, runStateName, runStateToken } from '../../ui/badge.ts'
import type { OverTime } from '../../ui/chart.ts'
import { none } from '../../ui/text.ts'
import { type RunFilter, runsLink } from '../runs/filter.ts'

/** The day as stacked bars, a series for each state. */
export function activityChart(activity: Activity): OverTime {
  return {
    kind: 'bars',
    from: new Date(activity.from),
    bucketMs: activity.bucketMs,
    series: activity.series.map((s) => ({
      name: runStateName(s.state),
      token: runStateToken(s.state),
      values: s.runs,
    })),
  }
}

/** The runs behind one bar of the chart, or one state of it. */
export function bucketLink(activity: Activity, bucket: number, series?: number): string {
  const start = new Date(activity.from).getTime() + bucket * activity.bucketMs
  const state = series === undefined ? undefined : activity.series[series]?.state
  return runsLink({
    states: state === undefined ? [] : [state],
    range: 'custom',
    from: new Date(start).toISOString(),
    before: new Date(start + activity.bucketMs).toISOString(),
  })
}

/** The day that the panels look at, as a filter: the list then shows the same runs that were counted. */
export function dayFilter(activity: Activity): Partial<RunFilter> {
  return { range: 'custom', from: activity.from, before: activity.to }
}

/** How many runs are open, by state, each a way to them. */
export function openRuns(activity: Activity): TemplateResult {
  return html`<ul class="ops-open">
    ${activity.open.map(
      (o) => html`<li class=${o.runs === 0 ? 'ops-open-zero' : ''}>
        <a href=${runsLink({ states: [o.state] })}>${runState(o.state)} <strong>${count(o.runs)}</strong></a>
      </li>`,
    )}
  </ul>`
}

/** How long runs took, and how long after their time they began. */
export function timingTable(activity: Activity): TemplateResult {
  const cell = (p: Percentiles, millis: number) => html`<td>${p.n === 0 ? none() : duration(millis)}</td>`
  const row = (name: string, p: Percentiles) => html`<tr>
    <th scope="row">${name}</th>
    ${cell(p, p.p50Ms)}${cell(p, p.p95Ms)}${cell(p, p.p99Ms)}
    <td class="ops-soft">${count(p.n)}</td>
  </tr>`
  return html`<table class="ops-small-table">
    <caption class="visually-hidden">${t('dashboard.timing.table')}</caption>
    <thead>
      <tr>
        <th scope="col">${t('dashboard.timing.what')}</th>
        <th scope="col">p50</th>
        <th scope="col">p95</th>
        <th scope="col">p99</th>
        <th scope="col">${t('dashboard.timing.n')}</th>
      </tr>
    </thead>
    <tbody>
      ${row(t('dashboard.timing.duration'), activity.duration)}
      ${row(t('dashboard.timing.startDelay'), activity.startDelay)}
    </tbody>
  </table>`
}
