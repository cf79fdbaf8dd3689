import { html, nothing, type TemplateResult } from 'lit-html'
import { visible } from '../lib/hostile.ts'
import { t } from '../text/text.ts'
import { openModal } from './modal.ts'

export interface Confirmation {
  title: string
  /** What will be touched, and whether it can be taken back. */
  body: string | TemplateResult
  /** The verb on the button, such as "Stop the sandbox". */
  verb: string
  danger?: boolean
  /** A name that has to be typed first. */
  typed?: string
}

/** Asks before something happens. False when the operator declines, or the page is left. */
export function confirm(signal: AbortSignal, options: Confirmation): Promise<boolean> {
  return new Promise((resolve) => {
    let accepted = false
    const accept = () => {
      accepted = true
      modal.close()
    }
    const modal = openModal(signal, {
      title: options.title,
      body: html`${typeof options.body === 'string' ? html`<p class=${options.typed ? '' : 'mb-0'}>${options.body}</p>` : options.body}
      ${options.typed ? typedName(options.typed, accept) : nothing}`,
      close: t('action.cancel'),
      footer: html`<button
        type=${options.typed ? 'submit' : 'button'}
        form=${options.typed ? FORM : nothing}
        class="btn ${options.danger ? 'btn-danger' : 'btn-primary'}"
        @click=${options.typed ? nothing : accept}
      >
        ${options.verb}
      </button>`,
      onClose: () => resolve(accepted),
    })
  })
}

const FORM = 'ops-confirm'

/** The field for a name that has to be typed: the form is only accepted with that very name. */
function typedName(name: string, accept: () => void): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const field = (event.target as HTMLFormElement).querySelector('input')
    if (field?.value === name) accept()
    else {
      field?.setCustomValidity(t('error.operation.wrong_name', { name: visible(name) }))
      field?.reportValidity()
    }
  }
  return html`<form id=${FORM} novalidate @submit=${submit}>
    <label class="form-label" for="ops-confirm-name">${t('operation.typed', { name: visible(name) })}</label>
    <input
      class="form-control ops-mono"
      id="ops-confirm-name"
      autocomplete="off"
      spellcheck="false"
      @input=${(event: Event) => (event.target as HTMLInputElement).setCustomValidity('')}
    />
  </form>`
}
