import { html, nothing, type TemplateResult } from 'lit-html'

/** Something that can be done, as a menu or a row of buttons offers it. */
export interface Action {
  readonly label: string
  readonly icon: string
  /** It destroys or interrupts something. */
  readonly danger?: boolean
  run(): void
}

/** A button that opens a list of actions, with its label in words or as three dots; nothing where there are none. It works inside of a table that scrolls. */
export function menu(
  label: string,
  actions: readonly Action[],
  options: { words?: boolean } = {},
): TemplateResult | typeof nothing {
  if (actions.length === 0) return nothing
  return html`<div class="dropdown ops-menu">
    <button
      type="button"
      class="btn btn-sm btn-outline-secondary ${options.words ? 'dropdown-toggle' : ''}"
      data-bs-toggle="dropdown"
      data-bs-popper-config='{"strategy":"fixed"}'
      aria-expanded="false"
      aria-label=${label}
      title=${label}
    >
      ${options.words ? label : html`<i class="bi bi-three-dots" aria-hidden="true"></i>`}
    </button>
    <ul class="dropdown-menu dropdown-menu-end">
      ${actions.map(
        (a) => html`<li>
          <button type="button" class="dropdown-item ${a.danger ? 'ops-bad' : ''}" @click=${a.run}>
            <i class="bi ${a.icon}" aria-hidden="true"></i> ${a.label}
          </button>
        </li>`,
      )}
    </ul>
  </div>`
}

/** The same as buttons side by side. */
export function buttons(actions: readonly Action[]): TemplateResult {
  return html`${actions.map(
    (a) => html`<button
      type="button"
      class="btn btn-sm ${a.danger ? 'btn-outline-danger' : 'btn-outline-primary'}"
      @click=${a.run}
    >
      <i class="bi ${a.icon}" aria-hidden="true"></i> ${a.label}
    </button>`,
  )}`
}
