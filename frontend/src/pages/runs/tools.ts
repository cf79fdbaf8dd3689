import { html, render } from 'lit-html'
import { fromField, toField } from '../../lib/clocks.ts'
import { offsetAt } from '../../lib/format.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { SIZES, type Size } from './size.ts'

export interface RunTools {
  readonly element: HTMLElement
  /** Shows the time that the list was moved to; "" for none. */
  show(at: string): void
}

/** The controls in the table's bar: a jump to a time, and how many rows a page has. */
export function createRunTools(size: Size, events: { jump(at: string): void; resize(size: Size): void }): RunTools {
  const element = document.createElement('div')
  element.className = 'ops-run-tools'
  const field = () => element.querySelector<HTMLInputElement>('input')
  const jump = () => {
    const at = fromField(field()?.value ?? '')
    if (at !== '') events.jump(at)
  }
  const title = t('runs.jump.title', { offset: offsetAt(nowShown()) })
  render(
    html`<span class="ops-jump">
        <input
          type="datetime-local"
          class="form-control form-control-sm"
          aria-label=${title}
          title=${title}
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && jump()}
        />
        <button type="button" class="btn btn-sm btn-outline-secondary" @click=${jump}>${t('runs.jump')}</button>
      </span>
      <label class="ops-table-length"
        >${t('runs.size')}
        <select
          class="form-select form-select-sm"
          @change=${(event: Event) => {
            const chosen = SIZES.find((n) => String(n) === (event.target as HTMLSelectElement).value)
            if (chosen) events.resize(chosen)
          }}
        >
          ${SIZES.map((n) => html`<option value=${n} ?selected=${n === size}>${n}</option>`)}
        </select></label
      >`,
    element,
  )
  return {
    element,
    show(at) {
      const input = field()
      if (input) input.value = toField(at)
    },
  }
}
