import { html, render, type TemplateResult } from 'lit-html'
import { session } from '../../api/session.ts'
import { fromField, toField } from '../../lib/clocks.ts'
import { offsetAt } from '../../lib/format.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { createChoice, type Option } from '../../ui/choice.ts'
import { clearFieldError, fieldError } from '../../ui/form.ts'
import { isFiltered, NO_FILTER, RANGES, type RunFilter, rangeAt } from './filter.ts'
import { STATES } from './measures.ts'
import type { FilterField } from './request.ts'
import { parseSpan, writeSpan } from './span.ts'

/** How long typing rests before the list follows, in milliseconds. */
const REST = 350

/** The form above the list. */
export interface FilterBar {
  readonly element: HTMLFormElement
  /** Shows a filter that was changed elsewhere, as by taking a chip away. */
  show(filter: RunFilter): void
  offerJobs(jobs: readonly Option[], problem?: string): void
  /** Says at a field why the filter was refused. */
  refuse(field: FilterField, message: string): void
  /** When somebody last typed into it, in milliseconds of the page's clock. */
  lastTyped(): number
}

/** Logs are searched in archives alone; a link that asks for it elsewhere is refused at the field. */
const searchesLogs = (filter: RunFilter): boolean =>
  session().environment?.archive !== undefined || filter.logText !== ''

export function createFilterBar(
  signal: AbortSignal,
  initial: RunFilter,
  changed: (filter: RunFilter) => void,
): FilterBar {
  const element = document.createElement('form')
  element.className = 'ops-filters'
  element.setAttribute('aria-label', t('runs.filters'))
  element.noValidate = true
  let filter = initial
  let typedAt = Number.NEGATIVE_INFINITY
  let resting: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(resting))

  const job = createChoice(signal, {
    id: 'runs-filter-job',
    label: t('runs.filter.job'),
    any: t('runs.filter.job.any'),
    none: t('runs.filter.job.none'),
    onChoose: (jobId) => take({ jobId }),
  })

  function take(part: Partial<RunFilter>): void {
    clearTimeout(resting)
    filter = { ...filter, ...part }
    drawStates()
    changed(filter)
  }

  function later(input: HTMLInputElement, part: () => Partial<RunFilter> | string): void {
    typedAt = performance.now()
    clearTimeout(resting)
    resting = setTimeout(() => {
      const read = part()
      if (typeof read === 'string') fieldError(input, read)
      else take(read)
    }, REST)
  }

  const text = (name: string, key: 'workerId' | 'errorText' | 'logText') => (event: Event) => {
    const input = event.target as HTMLInputElement
    later(input, () => ({ [key]: name === 'worker' ? input.value.trim() : input.value }))
  }
  const whole = (key: 'epoch' | 'minAttempt') => (event: Event) => {
    const input = event.target as HTMLInputElement
    later(input, () => {
      const value = input.value.trim()
      if (!/^\d{0,18}$/.test(value)) return t('runs.filter.number.bad')
      return key === 'epoch' ? { epoch: value } : { minAttempt: Number(value) }
    })
  }
  const span = (key: 'minMs' | 'maxMs' | 'laterMs') => (event: Event) => {
    const input = event.target as HTMLInputElement
    later(input, () => {
      const millis = parseSpan(input.value)
      return millis === undefined ? t('runs.filter.span.bad') : { [key]: millis }
    })
  }
  const instant = (key: 'from' | 'before') => (event: Event) =>
    take({ range: 'custom', [key]: fromField((event.target as HTMLInputElement).value) })

  function onRange(event: Event): void {
    const range = (event.target as HTMLSelectElement).value as RunFilter['range']
    toggleCustom(range)
    if (range !== 'custom') take({ range, from: '', before: '' })
    else if (filter.range !== '') {
      // What was chosen so far is where choosing goes on from.
      const { createdFrom } = rangeAt(filter, nowShown())
      show({ ...filter, range, from: createdFrom })
      changed(filter)
    }
  }

  function toggleCustom(range: string): void {
    for (const field of element.querySelectorAll<HTMLElement>('[data-custom]')) field.hidden = range !== 'custom'
  }

  const field = (name: string, label: string, input: TemplateResult, custom = false): TemplateResult =>
    html`<div class="ops-field" ?data-custom=${custom}>
      <label for=${`runs-filter-${name}`}>${label}</label>${input}
    </div>`
  const textInput = (name: string, onInput: (event: Event) => void, placeholder = '') =>
    html`<input
      type="text"
      class="form-control form-control-sm"
      id=${`runs-filter-${name}`}
      name=${name}
      autocomplete="off"
      spellcheck="false"
      placeholder=${placeholder}
      ?data-ops-search=${name === 'error'}
      @input=${onInput}
    />`
  const timeInput = (name: string, onChange: (event: Event) => void) =>
    html`<input
      type="datetime-local"
      class="form-control form-control-sm"
      id=${`runs-filter-${name}`}
      name=${name}
      @change=${onChange}
    />`
  const zone = offsetAt(nowShown())

  render(
    html`<div class="ops-filter-row">
        <div class="ops-field">
          <label for="runs-filter-states">${t('runs.filter.state')}</label>
          <div class="dropdown" data-states></div>
        </div>
        ${field('job', t('runs.filter.job'), html`${job.element}`)}
        ${field(
          'range',
          t('runs.filter.range'),
          html`<select class="form-select form-select-sm" id="runs-filter-range" name="range" @change=${onRange}>
            <option value="">${t('runs.filter.range.any')}</option>
            ${(Object.keys(RANGES) as (keyof typeof RANGES)[]).map(
              (name) => html`<option value=${name}>${t(`runs.filter.range.${name}`)}</option>`,
            )}
            <option value="custom">${t('runs.filter.range.custom')}</option>
          </select>`,
        )}
        ${field('from', `${t('runs.filter.from')} (${zone})`, timeInput('from', instant('from')), true)}
        ${field('before', `${t('runs.filter.before')} (${zone})`, timeInput('before', instant('before')), true)}
        ${field('error', t('runs.filter.error'), textInput('error', text('error', 'errorText')))}
        <div data-log ?hidden=${!searchesLogs(filter)}>${field('log', t('runs.filter.log'), textInput('log', text('log', 'logText')))}</div>
        <details class="ops-filter-more">
          <summary>${t('runs.filters.more')}</summary>
          <div class="ops-filter-row">
            ${field('worker', t('runs.filter.worker'), textInput('worker', text('worker', 'workerId'), t('runs.filter.worker.hint')))}
            ${field('epoch', t('runs.filter.epoch'), textInput('epoch', whole('epoch')))}
            ${field('min', t('runs.filter.min'), textInput('min', span('minMs'), t('runs.filter.span.hint')))}
            ${field('max', t('runs.filter.max'), textInput('max', span('maxMs'), t('runs.filter.span.hint')))}
            ${field('later', t('runs.filter.later'), textInput('later', span('laterMs'), t('runs.filter.span.hint')))}
            ${field('attempt', t('runs.filter.attempt'), textInput('attempt', whole('minAttempt')))}
          </div>
        </details>
      </div>`,
    element,
  )
  const states = element.querySelector<HTMLElement>('[data-states]') as HTMLElement

  function drawStates(): void {
    const n = filter.states.length
    const toggle = (state: string) => (event: Event) => {
      const on = (event.target as HTMLInputElement).checked
      take({ states: on ? [...filter.states, state] : filter.states.filter((s) => s !== state) })
    }
    render(
      html`<button
          type="button"
          class="form-select form-select-sm ops-states"
          id="runs-filter-states"
          data-bs-toggle="dropdown"
          data-bs-auto-close="outside"
          aria-expanded="false"
        >
          ${n === 0 ? t('runs.filter.state.any') : t('runs.filter.state.n', { n })}
        </button>
        <div class="dropdown-menu" aria-labelledby="runs-filter-states">
          ${STATES.map(
            (state) => html`<label class="dropdown-item ops-check">
              <input
                type="checkbox"
                class="form-check-input"
                .checked=${filter.states.includes(state)}
                @change=${toggle(state)}
              />
              ${runState(state)}
            </label>`,
          )}
        </div>`,
      states,
    )
  }

  function show(next: RunFilter): void {
    filter = next
    clearTimeout(resting)
    const values: Record<string, string> = {
      range: next.range,
      from: toField(next.from),
      before: toField(next.before),
      error: next.errorText,
      log: next.logText,
      worker: next.workerId,
      epoch: next.epoch,
      min: writeSpan(next.minMs),
      max: writeSpan(next.maxMs),
      later: writeSpan(next.laterMs),
      attempt: next.minAttempt > 0 ? String(next.minAttempt) : '',
    }
    for (const [name, value] of Object.entries(values)) {
      const input = element.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement
      clearFieldError(input)
      if (input.value !== value) input.value = value
    }
    job.set(next.jobId)
    toggleCustom(next.range)
    const log = element.querySelector<HTMLElement>('[data-log]') as HTMLElement
    log.hidden = !searchesLogs(next)
    drawStates()
  }

  show(initial)
  const details = element.querySelector('details') as HTMLDetailsElement
  const { workerId, epoch, minMs, maxMs, minAttempt, laterMs } = initial
  details.open = isFiltered({ ...NO_FILTER, workerId, epoch, minMs, maxMs, minAttempt, laterMs })
  return {
    element,
    show,
    offerJobs: job.offer,
    refuse(name, message) {
      const input = element.elements.namedItem(name)
      if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) fieldError(input, message)
    },
    lastTyped: () => typedAt,
  }
}
