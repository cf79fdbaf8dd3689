import { html, nothing, render } from 'lit-html'
import { visible } from '../lib/hostile.ts'

export interface Option {
  value: string
  label: string
}

export interface ChoiceOptions {
  id: string
  label: string
  /** Stands in the field while nothing is chosen, and heads the list; its value is "". */
  any: string
  /** Said instead of a list that has nothing to offer. */
  none: string
  onChoose(value: string): void
}

/** A field that offers the options which contain what is typed: for lists too long for a select. */
export interface Choice {
  readonly element: HTMLElement
  /** What can be chosen, or why nothing can. */
  offer(options: readonly Option[], problem?: string): void
  /** Shows a value as chosen, without telling onChoose. */
  set(value: string): void
}

/** The most options that are listed at once; typing finds the others. */
const LISTED = 100

export function createChoice(signal: AbortSignal, options: ChoiceOptions): Choice {
  const element = document.createElement('div')
  element.className = 'ops-choice'
  let all: readonly Option[] = []
  let problem: string | undefined
  let chosen = ''
  let typed = ''
  let open = false
  let active = 0

  const found = () => {
    const wanted = typed.trim().toLocaleLowerCase()
    const fitting = all.filter((o) => o.label.toLocaleLowerCase().includes(wanted)).slice(0, LISTED)
    return wanted === '' ? [{ value: '', label: options.any }, ...fitting] : fitting
  }
  const labelOf = (value: string) => all.find((o) => o.value === value)?.label ?? value
  const input = () => element.querySelector('input')

  function show(on: boolean): void {
    open = on
    typed = ''
    active = Math.max(0, on ? found().findIndex((o) => o.value === chosen) : 0)
    draw()
    if (on) input()?.select()
  }

  function choose(value: string): void {
    chosen = value
    show(false)
    options.onChoose(value)
  }

  function move(step: number): void {
    if (!open) {
      show(true)
      return
    }
    const n = found().length
    active = n === 0 ? 0 : (active + step + n) % n
    draw()
    element.querySelector('.active')?.scrollIntoView({ block: 'nearest' })
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) move(step)
    else if (event.key === 'Enter' && open) {
      const option = found()[active]
      if (option) choose(option.value)
    } else if (event.key === 'Escape' && open) show(false)
    else return
    event.preventDefault()
  }

  function onInput(event: Event): void {
    open = true
    typed = (event.target as HTMLInputElement).value
    active = 0
    draw()
  }

  function draw(): void {
    const list = open ? found() : []
    render(
      html`<input
          type="text"
          class="form-control form-control-sm"
          id=${options.id}
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label=${options.label}
          aria-expanded=${String(open)}
          aria-autocomplete="list"
          aria-controls=${`${options.id}-list`}
          aria-activedescendant=${open && list.length > 0 ? `${options.id}-${active}` : nothing}
          placeholder=${open && chosen !== '' ? visible(labelOf(chosen)) : options.any}
          .value=${open ? typed : chosen === '' ? '' : visible(labelOf(chosen))}
          @focus=${() => show(true)}
          @mousedown=${() => !open && show(true)}
          @blur=${() => show(false)}
          @input=${onInput}
          @keydown=${onKey}
        />
        <ul class="dropdown-menu ${open ? 'show' : ''}" id=${`${options.id}-list`} role="listbox" aria-label=${options.label}>
          ${list.map(
            (option, i) => html`<li
              id=${`${options.id}-${i}`}
              role="option"
              class="dropdown-item ${i === active ? 'active' : ''}"
              aria-selected=${String(option.value === chosen)}
              @mousedown=${(event: Event) => {
                event.preventDefault()
                choose(option.value)
              }}
            >
              <bdi>${visible(option.label)}</bdi>
            </li>`,
          )}
          ${
            open && (problem !== undefined || list.length === 0)
              ? html`<li class="ops-choice-note" role="presentation">${problem ?? options.none}</li>`
              : nothing
          }
        </ul>`,
      element,
    )
  }

  signal.addEventListener('abort', () => element.remove())
  draw()
  return {
    element,
    offer(next, why) {
      all = next
      problem = why
      draw()
    },
    set(value) {
      if (value === chosen) return
      chosen = value
      draw()
    },
  }
}
