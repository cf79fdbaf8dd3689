import { Modal } from 'bootstrap'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { t } from '../text/text.ts'

export interface ModalOptions {
  title: string
  body: TemplateResult
  /** Buttons beside the one that closes. */
  footer?: TemplateResult
  size?: 'lg' | 'xl'
  /** The word on the closing button. */
  close?: string
  /** Called once, however it was closed. */
  onClose?(): void
}

export interface OpenModal {
  readonly element: HTMLElement
  close(): void
}

let serial = 0

/** Opens a Bootstrap modal. It closes with the signal, and the focus goes back to where it was. */
export function openModal(signal: AbortSignal, options: ModalOptions): OpenModal {
  const id = `ops-modal-${++serial}`
  const before = document.activeElement
  const element = document.createElement('div')
  element.className = 'modal fade'
  element.tabIndex = -1
  element.setAttribute('aria-labelledby', id)
  element.setAttribute('aria-modal', 'true')
  element.setAttribute('role', 'dialog')
  render(
    html`<div class="modal-dialog modal-dialog-scrollable ${options.size ? `modal-${options.size}` : ''}">
      <div class="modal-content">
        <div class="modal-header">
          <h2 class="modal-title" id=${id}>${options.title}</h2>
          <button type="button" class="btn-close" data-bs-dismiss="modal" aria-label=${t('action.close')}></button>
        </div>
        <div class="modal-body">${options.body}</div>
        <div class="modal-footer">
          <button type="button" class="btn btn-outline-secondary" data-bs-dismiss="modal">
            ${options.close ?? t('action.close')}
          </button>
          ${options.footer ?? nothing}
        </div>
      </div>
    </div>`,
    element,
  )
  document.body.append(element)
  const modal = new Modal(element)
  // Bootstrap ignores hide(), Escape and its own buttons until a modal has come in fully, and moves the focus only then.
  let shown = false
  let closing = false
  const close = () => {
    closing = true
    if (shown) modal.hide()
  }
  const early = (event: Event) => {
    const escaped = event instanceof KeyboardEvent && event.key === 'Escape'
    const button = event.target instanceof Element && event.target.closest('[data-bs-dismiss]') !== null
    if (escaped || (event.type === 'click' && button)) close()
  }
  document.addEventListener('keydown', early)
  element.addEventListener('click', early)
  element.addEventListener('shown.bs.modal', () => {
    shown = true
    document.removeEventListener('keydown', early)
    element.removeEventListener('click', early)
    if (closing) modal.hide()
  })
  signal.addEventListener('abort', close, { once: true })
  element.addEventListener('hidden.bs.modal', () => {
    signal.removeEventListener('abort', close)
    modal.dispose()
    element.remove()
    if (before instanceof HTMLElement && before.isConnected) before.focus()
    options.onClose?.()
  })
  modal.show()
  return { element, close }
}
