import { html, nothing, render, type TemplateResult } from 'lit-html'
import { fromField, toField } from '../../lib/clocks.ts'
import { offsetAt } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { clearFieldError, fieldError } from '../../ui/form.ts'
import { RANGES } from '../runs/filter.ts'

/** A list's filter as it stands in the address, "" = everything. A field of many choices holds them joined by commas. */
export type Filter = Readonly<Record<string, string>>

export interface FilterChoice {
  readonly value: string
  readonly label: string
}

export type FilterField =
  | { kind: 'text'; name: string; label: string; hint?: string; search?: boolean; suggest?: readonly string[] }
  | { kind: 'select'; name: string; label: string; any: string; choices: readonly FilterChoice[] }
  | { kind: 'many'; name: string; label: string; any: string; some(n: number): string }
  /** Gives "range", or "from" and "before". */
  | { kind: 'range'; label: string }

export interface Filters {
  readonly element: HTMLFormElement
  show(filter: Filter): void
  /** What a field of many choices offers, or a text field suggests. */
  offer(name: string, choices: readonly FilterChoice[]): void
  /** Says at a field why the filter was refused. */
  refuse(name: string, message: string): void
  /** When somebody last typed into it, in milliseconds of the page's clock. */
  lastTyped(): number
}

/** How long typing rests before the list follows, in milliseconds. */
const REST = 350

/** The form above a list. `id` begins the ids of its fields. */
export function createFilters(
  signal: AbortSignal,
  id: string,
  fields: readonly FilterField[],
  initial: Filter,
  changed: (filter: Filter) => void,
): Filters {
  const element = document.createElement('form')
  element.className = 'ops-filters'
  element.setAttribute('aria-label', t('runs.filters'))
  element.noValidate = true
  let filter: Filter = initial
  let typedAt = Number.NEGATIVE_INFINITY
  let resting: ReturnType<typeof setTimeout> | undefined
  const offered = new Map<string, readonly FilterChoice[]>()
  signal.addEventListener('abort', () => clearTimeout(resting))

  function take(part: Filter): void {
    clearTimeout(resting)
    filter = Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value !== ''))
    draw()
    changed(filter)
  }

  const typed = (name: string) => (event: Event) => {
    const input = event.target as HTMLInputElement
    typedAt = performance.now()
    clearTimeout(resting)
    resting = setTimeout(() => take({ [name]: input.value.trim() }), REST)
  }
  const chosen = (name: string) => (event: Event) => take({ [name]: (event.target as HTMLSelectElement).value })

  function onRange(event: Event): void {
    const range = (event.target as HTMLSelectElement).value
    const since = Object.hasOwn(RANGES, filter['range'] ?? '') ? rangeOf(filter, nowShown()).from : ''
    // What was chosen so far is where choosing goes on from.
    show({ ...filter, range, from: range === 'custom' ? since : '', before: '' })
    changed(filter)
  }

  const field = (name: string, label: string, input: unknown, hidden = false) =>
    html`<div class="ops-field" ?hidden=${hidden}><label for=${`${id}-${name}`}>${label}</label>${input}</div>`

  function textField(f: Extract<FilterField, { kind: 'text' }>): TemplateResult {
    const suggestions = offered.get(f.name) ?? []
    const list = suggestions.length > 0 ? `${id}-${f.name}-list` : nothing
    return field(
      f.name,
      f.label,
      html`<input
          type="text"
          class="form-control form-control-sm"
          id=${`${id}-${f.name}`}
          name=${f.name}
          autocomplete="off"
          spellcheck="false"
          placeholder=${f.hint ?? ''}
          list=${list}
          ?data-ops-search=${f.search === true}
          @input=${typed(f.name)}
        />${
          suggestions.length > 0
            ? html`<datalist id=${list}>${suggestions.map((s) => html`<option value=${s.value}></option>`)}</datalist>`
            : nothing
        }`,
    )
  }

  function manyField(f: Extract<FilterField, { kind: 'many' }>): TemplateResult {
    const on = listOf(filter[f.name])
    const choices = offered.get(f.name) ?? []
    const missing = on.filter((value) => !choices.some((c) => c.value === value))
    const toggle = (value: string) => (event: Event) => {
      const checked = (event.target as HTMLInputElement).checked
      take({ [f.name]: (checked ? [...on, value] : on.filter((v) => v !== value)).join(',') })
    }
    return field(
      f.name,
      f.label,
      html`<div class="dropdown">
        <button
          type="button"
          class="form-select form-select-sm ops-states"
          id=${`${id}-${f.name}`}
          data-bs-toggle="dropdown"
          data-bs-auto-close="outside"
          aria-expanded="false"
        >
          ${on.length === 0 ? f.any : f.some(on.length)}
        </button>
        <div class="dropdown-menu ops-many" aria-labelledby=${`${id}-${f.name}`}>
          ${[...missing.map((value) => ({ value, label: value })), ...choices].map(
            (c) => html`<label class="dropdown-item ops-check">
              <input type="checkbox" class="form-check-input" .checked=${on.includes(c.value)} @change=${toggle(c.value)} />
              <bdi>${visible(c.label)}</bdi>
            </label>`,
          )}
        </div>
      </div>`,
    )
  }

  function rangeField(f: Extract<FilterField, { kind: 'range' }>): TemplateResult {
    const custom = filter['range'] === 'custom'
    const zone = offsetAt(nowShown())
    const instant = (name: 'from' | 'before') => html`<input
      type="datetime-local"
      class="form-control form-control-sm"
      id=${`${id}-${name}`}
      name=${name}
      @change=${(event: Event) => take({ range: 'custom', [name]: fromField((event.target as HTMLInputElement).value) })}
    />`
    return html`${field(
      'range',
      f.label,
      html`<select class="form-select form-select-sm" id=${`${id}-range`} name="range" @change=${onRange}>
        <option value="">${t('runs.filter.range.any')}</option>
        ${(Object.keys(RANGES) as (keyof typeof RANGES)[]).map(
          (name) => html`<option value=${name}>${t(`runs.filter.range.${name}`)}</option>`,
        )}
        <option value="custom">${t('runs.filter.range.custom')}</option>
      </select>`,
    )}${field('from', `${t('runs.filter.from')} (${zone})`, instant('from'), !custom)}
    ${field('before', `${t('runs.filter.before')} (${zone})`, instant('before'), !custom)}`
  }

  function selectField(f: Extract<FilterField, { kind: 'select' }>): TemplateResult {
    return field(
      f.name,
      f.label,
      html`<select class="form-select form-select-sm" id=${`${id}-${f.name}`} name=${f.name} @change=${chosen(f.name)}>
        <option value="">${f.any}</option>
        ${f.choices.map((c) => html`<option value=${c.value}>${c.label}</option>`)}
      </select>`,
    )
  }

  function draw(): void {
    render(
      html`<div class="ops-filter-row">
        ${fields.map((f) => {
          if (f.kind === 'text') return textField(f)
          if (f.kind === 'many') return manyField(f)
          return f.kind === 'range' ? rangeField(f) : selectField(f)
        })}
        <div class="ops-field ops-filter-clear" ?hidden=${Object.keys(filter).length === 0}>
          <button type="button" class="btn btn-sm btn-link" @click=${() => clear()}>${t('runs.filters.clear')}</button>
        </div>
      </div>`,
      element,
    )
  }

  function clear(): void {
    show({})
    changed(filter)
  }

  /** Fields that somebody types into are written only here, never while drawing: drawing must not take a key away. */
  function show(next: Filter): void {
    clearTimeout(resting)
    filter = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== ''))
    draw()
    for (const input of element.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[name], select[name]')) {
      const value = filter[input.name] ?? ''
      const shown = input.type === 'datetime-local' ? toField(value) : value
      clearFieldError(input)
      if (input.value !== shown) input.value = shown
    }
  }

  show(initial)
  return {
    element,
    show,
    offer(name, choices) {
      offered.set(name, choices)
      draw()
    },
    refuse(name, message) {
      const input = element.elements.namedItem(name)
      if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) fieldError(input, message)
    },
    lastTyped: () => typedAt,
  }
}

/** The choices of a field that takes many. */
export function listOf(value: string | undefined): string[] {
  return (value ?? '').split(',').filter((v) => v !== '')
}

/** The instants that a filter's range means now; "" = no end. */
export function rangeOf(filter: Filter, now: Date): { from: string; before: string } {
  const range = filter['range'] ?? ''
  if (range === 'custom') return { from: filter['from'] ?? '', before: filter['before'] ?? '' }
  if (!Object.hasOwn(RANGES, range)) return { from: '', before: '' }
  return { from: new Date(now.getTime() - RANGES[range as keyof typeof RANGES]).toISOString(), before: '' }
}

/** Reads a filter from an address: the fields' own keys, and instants that are instants. */
export function filterOf(query: URLSearchParams, fields: readonly FilterField[]): Filter {
  const names = fields.flatMap((f) => (f.kind === 'range' ? ['range', 'from', 'before'] : [f.name]))
  const filter: Record<string, string> = {}
  for (const name of names) {
    const value = query.get(name) ?? ''
    if (value !== '') filter[name] = value
  }
  for (const name of ['from', 'before']) {
    const value = filter[name]
    if (value === undefined) continue
    const at = new Date(value)
    if (Number.isNaN(at.getTime())) delete filter[name]
    else filter[name] = at.toISOString()
  }
  if (filter['from'] !== undefined || filter['before'] !== undefined) filter['range'] = 'custom'
  else if (filter['range'] !== undefined && !Object.hasOwn(RANGES, filter['range'])) delete filter['range']
  return filter
}
