import { html, nothing, type TemplateResult } from 'lit-html'
import { duration, fullTime, parseTime } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { runStateName } from '../../ui/badge.ts'
import { NO_FILTER, type RunFilter } from './filter.ts'

/** One active filter: what it says, and the filter without it. */
export interface Chip {
  label: string
  without: RunFilter
}

/** The active filters, each of which can be taken away. */
export function activeChips(filter: RunFilter, jobName: (id: string) => string): Chip[] {
  const chips: Chip[] = []
  const add = (label: string, without: Partial<RunFilter>) => chips.push({ label, without: { ...filter, ...without } })
  for (const state of filter.states) {
    const rest = filter.states.filter((s) => s !== state)
    add(t('runs.chip.state', { value: runStateName(state) }), { states: rest })
  }
  if (filter.jobId) add(t('runs.chip.job', { value: short(jobName(filter.jobId)) }), { jobId: '' })
  if (filter.workerId) add(t('runs.chip.worker', { value: short(filter.workerId) }), { workerId: '' })
  if (filter.epoch) add(t('runs.chip.epoch', { value: filter.epoch }), { epoch: '' })
  const range = rangeWords(filter)
  if (range) add(t('runs.chip.range', { value: range }), { range: '', from: '', before: '' })
  if (filter.minMs > 0) add(t('runs.chip.min', { value: duration(filter.minMs) }), { minMs: 0 })
  if (filter.maxMs > 0) add(t('runs.chip.max', { value: duration(filter.maxMs) }), { maxMs: 0 })
  if (filter.minAttempt > 0) add(t('runs.chip.attempt', { value: filter.minAttempt }), { minAttempt: 0 })
  if (filter.laterMs > 0) add(t('runs.chip.later', { value: duration(filter.laterMs) }), { laterMs: 0 })
  if (filter.errorText) add(t('runs.chip.error', { value: short(filter.errorText) }), { errorText: '' })
  if (filter.logText) add(t('runs.chip.log', { value: short(filter.logText) }), { logText: '' })
  return chips
}

function rangeWords(filter: RunFilter): string {
  if (filter.range === '') return ''
  if (filter.range !== 'custom') return t(`runs.filter.range.${filter.range}`)
  const from = parseTime(filter.from)
  const before = parseTime(filter.before)
  return [
    from ? t('runs.chip.from', { value: minute(from) }) : '',
    before ? t('runs.chip.before', { value: minute(before) }) : '',
  ]
    .filter((words) => words !== '')
    .join(' ')
}

/** Without seconds and milliseconds where there are none. */
function minute(at: Date): string {
  return fullTime(at)
    .replace(/\.000/, '')
    .replace(/(\d\d:\d\d):00/, '$1')
}

function short(text: string): string {
  const shown = cut(text, 60)
  return visible(shown.text) + (shown.rest > 0 ? '…' : '')
}

/** The chips, and the button that takes all of them away. */
export function drawChips(chips: readonly Chip[], apply: (filter: RunFilter) => void): TemplateResult | typeof nothing {
  if (chips.length === 0) return nothing
  return html`<ul class="ops-chips" aria-label=${t('runs.filters.active')}>
    ${chips.map(
      (chip) => html`<li>
        <span class="ops-chip"
          ><bdi>${chip.label}</bdi
          ><button
            type="button"
            class="btn-close"
            aria-label=${t('runs.filters.remove', { filter: chip.label })}
            @click=${() => apply(chip.without)}
          ></button
        ></span>
      </li>`,
    )}
    <li>
      <button type="button" class="btn btn-sm btn-link" @click=${() => apply(NO_FILTER)}>${t('runs.filters.clear')}</button>
    </li>
  </ul>`
}
