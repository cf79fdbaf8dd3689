import { html } from 'lit-html'
import { t } from '../../text/text.ts'
import { openModal } from '../../ui/modal.ts'

/** Asks for a name; undefined when the operator declines. */
export function askName(signal: AbortSignal, title: string, suggested: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let name = suggested
    let answer: string | undefined
    const accept = () => {
      answer = name
      modal.close()
    }
    const modal = openModal(signal, {
      title,
      body: html`<form
        @submit=${(event: Event) => {
          event.preventDefault()
          accept()
        }}
      >
        <label class="form-label" for="ops-ask-name">${t('profile.field.name')}</label>
        <input
          class="form-control"
          id="ops-ask-name"
          autocomplete="off"
          .value=${suggested}
          @input=${(event: Event) => {
            name = (event.target as HTMLInputElement).value
          }}
        />
      </form>`,
      close: t('action.cancel'),
      footer: html`<button type="button" class="btn btn-primary" @click=${accept}>${t('profiles.duplicate.verb')}</button>`,
      onClose: () => resolve(answer),
    })
    modal.element.addEventListener('shown.bs.modal', () => modal.element.querySelector('input')?.select(), {
      once: true,
    })
  })
}
