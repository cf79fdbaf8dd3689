import { html, nothing, type TemplateResult } from 'lit-html'
import type { HistoryItem, HistoryRunRow, HistoryRuns } from '../../api/histories.ts'
import { count, duration, percent } from '../../lib/format.ts'
import { t, tryText } from '../../text/text.ts'
import { jobLink, workerLink } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, none } from '../../ui/text.ts'
import { valueView } from '../environments/values.ts'
import { fieldName, stateMark } from '../environments/words.ts'

/** The most differing fields whose values a row shows. */
const SHOWN = 3

/** The columns of what became of each job's runs. The side here is what is shown, so that its jobs can be opened. */
export function runColumns(): Column<HistoryRunRow>[] {
  const name = ({ name: job, here }: HistoryRunRow) =>
    job === ''
      ? html`<span class="ops-soft">${t('histories.gone')}</span>`
      : here
        ? jobLink(here.jobId, job)
        : foreign(job, { max: 80 })
  return [
    {
      key: 'name',
      title: t('runs.column.job'),
      pinned: true,
      className: 'ops-cell-name',
      value: (r) => r.name,
      cell: name,
    },
    { key: 'state', title: t('sides.column.state'), value: (r) => r.state, cell: (r) => stateMark(r.state) },
    {
      key: 'failed',
      title: t('histories.column.failed'),
      value: (r) => r.failures,
      cell: (r) => pair(r, failedText, r.failures, 'failures'),
    },
    {
      key: 'median',
      title: t('histories.column.median'),
      value: (r) => r.duration,
      cell: (r) => pair(r, (side) => lasting(side, side.duration.p50Ms), r.duration, 'duration'),
    },
    {
      key: 'p95',
      title: t('histories.column.p95'),
      value: () => null,
      cell: (r) => pair(r, (side) => lasting(side, side.duration.p95Ms)),
    },
    {
      key: 'runs',
      title: t('histories.column.runs'),
      value: () => null,
      cell: (r) => pair(r, (side) => count(side.runs)),
    },
  ]
}

/** The columns of definitions, settings or workers. */
export function itemColumns(): Column<HistoryItem>[] {
  return [
    {
      key: 'name',
      title: t('sides.column.name'),
      pinned: true,
      className: 'ops-cell-name',
      value: (item) => item.name,
      cell: (item) => nameOf(item),
    },
    {
      key: 'state',
      title: t('sides.column.state'),
      value: (item) => item.state,
      cell: (item) => stateMark(item.state),
    },
    {
      key: 'fields',
      title: t('histories.column.fields'),
      value: () => null,
      cell: (item) => fieldsOf(item),
    },
  ]
}

function nameOf(item: HistoryItem): string | TemplateResult {
  if (item.kind === 'job' && item.hereId !== '') return jobLink(item.hereId, item.name)
  if (item.kind === 'worker' && item.state !== 'there') return workerLink(item.name)
  return html`<span class=${item.kind === 'job' ? '' : 'ops-mono'}>${foreign(item.name, { max: 120 })}</span>`
}

/** The values that differ; of what stands on one side alone there is nothing to lay beside it. */
function fieldsOf(item: HistoryItem): string | TemplateResult {
  if (item.state !== 'different' && item.state !== 'unknown') return ''
  const differ = item.fields.filter((f) => f.state !== 'equal')
  return html`${differ.slice(0, SHOWN).map(
    (field) => html`<div class="ops-history-field">
      <b>${fieldName(item, field.name)}</b> ${valueView(field, short(field.here))} ${arrow()}
      ${valueView(field, short(field.there))}
    </div>`,
  )}${differ.length > SHOWN ? html`<span class="ops-soft">+${differ.length - SHOWN}</span>` : nothing}`
}

/** A value for a row: documents are cut, and shown whole when the row is opened. */
function short(value: string): string {
  return value.startsWith('{') || value.startsWith('[') || value.length > 80 ? ` ${value.slice(0, 80)}…` : value
}

function failedText(side: HistoryRuns): TemplateResult {
  const share =
    side.ended === 0 ? nothing : html` <span class="ops-soft">(${percent(side.failed / side.ended, 1)})</span>`
  return html`${count(side.failed)}/${count(side.ended)}${share}`
}

function lasting(side: HistoryRuns, millis: number): string | TemplateResult {
  return side.duration.n === 0 ? none() : duration(millis)
}

/** The same of both sides, and what the difference comes to. */
function pair(
  { here, there }: HistoryRunRow,
  of: (side: HistoryRuns) => unknown,
  trend = '',
  what: 'failures' | 'duration' = 'failures',
): TemplateResult {
  return html`<span class="ops-history-pair"
    ><span>${here ? of(here) : none()}</span>${arrow()}<span>${there ? of(there) : none()}</span></span
  >${here && there && trend !== '' ? trendMark(trend, what) : nothing}`
}

const arrow = () => html`<i class="bi bi-arrow-right ops-soft" role="img" aria-label=${t('histories.then')}></i>`

const TRENDS: Readonly<Record<string, string>> = { higher: 'bi-arrow-up', lower: 'bi-arrow-down', few: 'bi-dash-lg' }

/** Whether more failed or took longer than chance explains, as a shape and a word; what is similar needs none. */
function trendMark(trend: string, what: 'failures' | 'duration'): TemplateResult | typeof nothing {
  const icon = Object.hasOwn(TRENDS, trend) ? TRENDS[trend] : undefined
  if (icon === undefined) return nothing
  return html`<div class="ops-trend ops-trend-${trend}">
    <i class="bi ${icon}" aria-hidden="true"></i> ${tryText(`histories.trend.${what}.${trend}`, {})}
  </div>`
}
