import { html, type TemplateResult } from 'lit-html'
import { count, fullTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import type { ChartSpec } from './types.ts'

/** The numbers of a chart as a table, for those who can't or don't want to see bars. */
export function alternative(label: string, spec: ChartSpec): TemplateResult {
  const { head, rows } = numbers(spec)
  return html`<table class="table table-sm ops-chart-numbers">
    <caption class="visually-hidden">${label}</caption>
    <thead><tr>${head.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
    <tbody>${rows.map(([name, ...values]) => html`<tr><th scope="row">${name}</th>${values.map((v) => html`<td>${v}</td>`)}</tr>`)}</tbody>
  </table>`
}

function numbers(spec: ChartSpec): { head: string[]; rows: string[][] } {
  if (spec.kind === 'lanes') {
    return {
      head: [t('chart.from'), t('chart.to'), t('chart.what')],
      rows: spec.stretches.map((s) => [fullTime(s.from), fullTime(s.to), visible(s.label, '\n')]),
    }
  }
  const format = spec.format ?? count
  const names = spec.series.map((s) => visible(s.name))
  const cells = (i: number) =>
    spec.series.map((s) => {
      const value = s.values[i] ?? null
      return value === null ? '' : format(value)
    })
  if (spec.kind === 'names') {
    return { head: [t('chart.what'), ...names], rows: spec.names.map((n, i) => [visible(n), ...cells(i)]) }
  }
  const length = Math.max(0, ...spec.series.map((s) => s.values.length))
  return {
    head: [t('chart.from'), ...names],
    rows: Array.from({ length }, (_, i) => [
      fullTime(new Date(spec.from.getTime() + i * spec.bucketMs)).replace(/\.\d+/, ''),
      ...cells(i),
    ]),
  }
}
