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
let open = 0

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
  const part = dialogOf(element)
  part('dialog').classList.add(...(options.size ? [`modal-${options.size}`] : []))
  part('title').id = id
  part('title').textContent = options.title
  part('dismiss').setAttribute('aria-label', t('action.close'))
  render(options.body, part('body'))
  render(
    html`<button type="button" class="btn btn-outline-secondary" data-bs-dismiss="modal">
        ${options.close ?? t('action.close')}
      </button>
      ${options.footer ?? nothing}`,
    part('footer'),
  )
  document.body.append(element)
  holdBack(open++ === 0)
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
  // While the dialog fades, keys reach the page already: what they open there can take the focus, and keeps it.
  element.addEventListener('hide.bs.modal', () => holdBack(--open > 0))
  element.addEventListener('hidden.bs.modal', () => {
    signal.removeEventListener('abort', close)
    const focused = document.activeElement
    const lost = focused === null || focused === document.body || element.contains(focused)
    modal.dispose()
    element.remove()
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus()
    options.onClose?.()
  })
  modal.show()
  return { element, close }
}

/**
 * Takes the page behind dialogs out of reach, or gives it back. The focus moves into a dialog only once that has come in:
 * until then, a second Enter or the other half of a double click would open a second one.
 */
function holdBack(inert: boolean): void {
  for (const part of document.querySelectorAll<HTMLElement>('body > :not(.modal, .modal-backdrop, .notyf)')) {
    part.inert = inert
  }
}

/** Puts the dialog of the page's template into the element, which a theme may have changed, and finds its parts. */
function dialogOf(element: HTMLElement): (name: string) => HTMLElement {
  const template = document.getElementById('ops-partial-modal')
  if (template instanceof HTMLTemplateElement) element.append(document.importNode(template.content, true))
  return (name) => {
    const found = element.querySelector<HTMLElement>(`[data-ops="${name}"]`)
    if (!found) throw new Error(`the page's dialog has no part "${name}"`) // Go has checked the page
    return found
  }
}

/** Calls fn when no dialog stands open: what a dialog says is read before the page behind it is left. */
export function afterDialogs(signal: AbortSignal, fn: () => void): void {
  if (signal.aborted) return
  if (document.querySelector('.modal.show')) {
    document.addEventListener('hidden.bs.modal', () => afterDialogs(signal, fn), { once: true, signal })
  } else fn()
}
