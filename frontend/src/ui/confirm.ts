import { html, type TemplateResult } from 'lit-html'
import { t } from '../text/text.ts'
import { openModal } from './modal.ts'

export interface Confirmation {
  title: string
  /** What will be touched, and whether it can be taken back. */
  body: string | TemplateResult
  /** The verb on the button, such as "Stop the sandbox". */
  verb: string
  danger?: boolean
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
      body: typeof options.body === 'string' ? html`<p class="mb-0">${options.body}</p>` : options.body,
      close: t('action.cancel'),
      footer: html`<button type="button" class="btn ${options.danger ? 'btn-danger' : 'btn-primary'}" @click=${accept}>
        ${options.verb}
      </button>`,
      onClose: () => resolve(accepted),
    })
  })
}
