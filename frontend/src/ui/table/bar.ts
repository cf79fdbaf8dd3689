import { html, nothing, render } from 'lit-html'
import { count } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import type { Column, KeysetPlace } from './types.ts'

/** The bar above a table: search, the caller's tools, the button for what is new, and the column choice. */
export interface TopBar {
  readonly element: HTMLElement
  draw(state: TopBarState): void
}
export interface TopBarState {
  search: string | null // null = no search box
  waiting: string // the words for changes held back; "" = none
  columns: readonly { key: string; title: string; visible: boolean; pinned: boolean }[]
}
export interface TopBarEvents {
  search(text: string): void
  showWaiting(): void
  toggle(column: string, visible: boolean): void
}

export function createTopBar(id: string, tools: readonly Node[], events: TopBarEvents): TopBar {
  const element = document.createElement('div')
  element.className = 'ops-table-bar'
  const columnItem = (c: TopBarState['columns'][number]) => html`<label class="dropdown-item ops-check">
    <input
      type="checkbox"
      class="form-check-input"
      .checked=${c.visible}
      ?disabled=${c.pinned}
      @change=${(e: Event) => events.toggle(c.key, (e.target as HTMLInputElement).checked)}
    />
    ${c.title}
  </label>`
  return {
    element,
    draw: (state) =>
      render(
        html`${
          state.search === null
            ? nothing
            : html`<div class="ops-search">
                <i class="bi bi-search" aria-hidden="true"></i>
                <input
                  type="search"
                  class="form-control form-control-sm"
                  data-ops-search
                  autocomplete="off"
                  spellcheck="false"
                  aria-label=${t('table.search')}
                  placeholder=${t('table.search')}
                  .value=${state.search}
                  @input=${(e: Event) => events.search((e.target as HTMLInputElement).value)}
                />
              </div>`
        }${tools}
        <span class="ops-table-waiting" aria-live="polite"
          >${
            state.waiting !== ''
              ? html`<button type="button" class="btn btn-sm btn-primary rounded-pill" @click=${events.showWaiting}>
                  <i class="bi bi-arrow-clockwise" aria-hidden="true"></i> ${state.waiting}
                </button>`
              : nothing
          }</span
        >
        <div class="dropdown ms-auto">
          <button
            type="button"
            class="btn btn-sm btn-outline-secondary dropdown-toggle"
            data-bs-toggle="dropdown"
            data-bs-auto-close="outside"
            aria-expanded="false"
            id=${`${id}-columns`}
          >
            <i class="bi bi-layout-three-columns" aria-hidden="true"></i> ${t('table.columns')}
          </button>
          <div class="dropdown-menu dropdown-menu-end" aria-labelledby=${`${id}-columns`}>
            ${state.columns.map(columnItem)}
          </div>
        </div>`,
        element,
      ),
  }
}

/** The column choices as the bar shows them. */
export function columnChoices<Row>(columns: readonly Column<Row>[], visible: (column: Column<Row>) => boolean) {
  return columns.map((c) => ({ key: c.key, title: c.title, visible: visible(c), pinned: c.pinned === true }))
}

export type Turn = 'first' | 'previous' | 'next' | 'last'

/** The bar below a table: how many rows there are and the way to other pages. */
export interface BottomBarState {
  note: string
  page?: { index: number; pages: number; length: number }
  keyset?: KeysetPlace
}

const LENGTHS = [25, 50, 100, 250]

export function drawBottomBar(
  element: HTMLElement,
  state: BottomBarState,
  turn: (to: Turn) => void,
  setLength: (n: number) => void,
): void {
  const back = state.keyset ? state.keyset.hasPrevious : (state.page?.index ?? 0) > 0
  const forth = state.keyset ? state.keyset.hasNext : state.page ? state.page.index < state.page.pages - 1 : false
  const button = (to: Turn, icon: string, enabled: boolean) => html`<button
    type="button"
    class="btn btn-sm btn-outline-secondary"
    data-ops-turn=${to}
    aria-label=${t(`table.${to}`)}
    title=${t(`table.${to}`)}
    ?disabled=${!enabled}
    @click=${() => turn(to)}
  >
    <i class="bi ${icon}" aria-hidden="true"></i>
  </button>`
  const pages = state.page
    ? html`<label class="ops-table-length"
          >${t('table.length')}
          <select
            class="form-select form-select-sm"
            @change=${(e: Event) => setLength(Number((e.target as HTMLSelectElement).value))}
          >
            ${LENGTHS.map((n) => html`<option value=${n} ?selected=${n === state.page?.length}>${n}</option>`)}
          </select></label
        ><span class="ops-table-page"
          >${t('table.page', { page: count(state.page.index + 1), pages: count(Math.max(1, state.page.pages)) })}</span
        >`
    : nothing
  render(
    html`<span class="ops-table-note" role="status">${state.note}</span>
      <span class="ops-table-turn"
        >${pages}${
          state.page || state.keyset
            ? html`<span class="btn-group" role="group" aria-label=${t('table.pages')}
                >${button('first', 'bi-chevron-double-left', back)}${button('previous', 'bi-chevron-left', back)}${button('next', 'bi-chevron-right', forth)}${
                  state.page ? button('last', 'bi-chevron-double-right', forth) : nothing
                }</span
              >`
            : nothing
        }</span
      >`,
    element,
  )
}
