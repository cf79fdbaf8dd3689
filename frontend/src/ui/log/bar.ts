import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../../text/text.ts'

export interface LogBarState {
  follow: boolean
  wrap: boolean
  times: boolean
  lines: number
  /** What the last search or copy has to say; "" = nothing. */
  message: string
}

export interface LogBarUse {
  search(text: string): void
  find(back: boolean): void
  firstError(): void
  goToLine(line: number): void
  change(state: Partial<LogBarState>): void
  copy(): void
  save?(): void
}

/** The bar above a log. */
export function logBar(state: LogBarState, use: LogBarUse): TemplateResult {
  return html`<div class="ops-search">
      <i class="bi bi-search" aria-hidden="true"></i>
      <input
        type="search"
        class="form-control form-control-sm"
        data-ops-search
        spellcheck="false"
        autocomplete="off"
        aria-label=${t('log.search')}
        placeholder=${t('log.search')}
        @input=${(event: Event) => use.search((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => onEnter(event, () => use.find(event.shiftKey))}
      />
    </div>
    <span class="btn-group" role="group" aria-label=${t('log.finds')}
      >${button('bi-chevron-up', t('log.previous'), () => use.find(true))}${button(
        'bi-chevron-down',
        t('log.next'),
        () => use.find(false),
      )}</span
    >
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${use.firstError}>
      <i class="bi bi-bug" aria-hidden="true"></i> ${t('log.firstError')}
    </button>
    <input
      type="text"
      class="form-control form-control-sm ops-log-goto"
      inputmode="numeric"
      autocomplete="off"
      aria-label=${t('log.goTo')}
      placeholder=${t('log.goTo')}
      @keydown=${(event: KeyboardEvent) => onEnter(event, () => goTo(event.target as HTMLInputElement, use))}
    />
    ${toggle(t('log.follow'), state.follow, (follow) => use.change({ follow }))}
    ${toggle(t('log.wrap'), state.wrap, (wrap) => use.change({ wrap }))}
    ${toggle(t('log.times'), state.times, (times) => use.change({ times }))}
    <span class="btn-group" role="group" aria-label=${t('log.take')}
      >${button('bi-clipboard', t('log.copy'), use.copy)}${
        use.save ? button('bi-download', t('log.save'), use.save) : nothing
      }</span
    >
    <span class="ops-log-note" role="status">${state.message || t('log.lines', { n: state.lines })}</span>`
}

function goTo(input: HTMLInputElement, use: LogBarUse): void {
  const line = Number(input.value.replace(/[^\d]/g, ''))
  if (line > 0 && Number.isSafeInteger(line)) use.goToLine(line)
}

function onEnter(event: KeyboardEvent, run: () => void): void {
  if (event.key !== 'Enter' || event.isComposing) return
  event.preventDefault()
  run()
}

function button(icon: string, label: string, run: () => void): TemplateResult {
  return html`<button type="button" class="btn btn-sm btn-outline-secondary" aria-label=${label} title=${label} @click=${run}>
    <i class="bi ${icon}" aria-hidden="true"></i>
  </button>`
}

function toggle(label: string, on: boolean, change: (on: boolean) => void): TemplateResult {
  return html`<label class="form-check form-switch ops-log-follow">
    <input
      type="checkbox"
      role="switch"
      class="form-check-input"
      .checked=${on}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    />
    ${label}
  </label>`
}
