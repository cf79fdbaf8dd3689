import { html, nothing, render } from 'lit-html'
import { t } from '../text/text.ts'
import { openModal } from './modal.ts'
import { foreign } from './text.ts'

/** A place to go to. */
export interface Destination {
  /** What kind of place it is, such as "Job". */
  readonly kind: string
  readonly name: string
  readonly icon: string
  readonly address: string
}

export interface PaletteOptions {
  /** The places that fit a text, the best first. */
  find(text: string): readonly Destination[]
  go(address: string): void
}

export interface Palette {
  /** Looks again, as when more places have become known. */
  refresh(): void
}

/** How many places are listed at once. */
const SHOWN = 12

/** Opens the box that finds places by name: arrows choose, Enter goes there, Escape closes. */
export function openPalette(signal: AbortSignal, options: PaletteOptions): Palette {
  const body = document.createElement('div')
  let text = ''
  let chosen = 0
  let found: readonly Destination[] = []
  const open = openModal(signal, { title: t('palette.title'), body: html`${body}` })

  function go(destination: Destination | undefined): void {
    if (!destination) return
    open.close()
    options.go(destination.address)
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    if (step === undefined) go(found[chosen])
    else choose(chosen + step)
  }

  function onInput(event: Event): void {
    text = (event.target as HTMLInputElement).value
    chosen = 0
    refresh()
  }

  function refresh(): void {
    found = options.find(text).slice(0, SHOWN)
    choose(chosen)
  }

  function choose(i: number): void {
    chosen = Math.max(0, Math.min(i, found.length - 1))
    draw()
  }

  const option = (destination: Destination, i: number) => html`<li
    role="option"
    id=${`ops-palette-${i}`}
    class="ops-palette-item"
    aria-selected=${i === chosen}
    @click=${() => go(destination)}
  >
    <i class="bi ${destination.icon}" aria-hidden="true"></i>
    <span>${foreign(destination.name, { max: 80 })}</span>
    <span class="ops-soft">${destination.kind}</span>
  </li>`

  function draw(): void {
    render(
      html`<input
          type="text"
          class="form-control"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-expanded="true"
          aria-controls="ops-palette-list"
          aria-autocomplete="list"
          aria-activedescendant=${found.length > 0 ? `ops-palette-${chosen}` : nothing}
          aria-label=${t('palette.hint')}
          placeholder=${t('palette.hint')}
          @input=${onInput}
          @keydown=${onKey}
        />
        <ul class="ops-palette-list" id="ops-palette-list" role="listbox" aria-label=${t('palette.title')}>
          ${found.map(option)}
        </ul>
        <p class="ops-soft mb-0" role="status">${found.length === 0 ? t('palette.nothing') : nothing}</p>`,
      body,
    )
  }

  refresh()
  open.element.addEventListener('shown.bs.modal', () => body.querySelector('input')?.focus())
  return { refresh }
}
