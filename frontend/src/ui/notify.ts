import { Notyf } from 'notyf'
import { visible } from '../lib/hostile.ts'
import { t } from '../text/text.ts'

type Kind = 'success' | 'info' | 'error'

/** How long a notice that needs no decision stays, in milliseconds. Errors stay until they are dismissed. */
const STAY = 5000

const ICONS: Record<Kind, string> = {
  success: 'bi-check-circle-fill',
  info: 'bi-info-circle-fill',
  error: 'bi-x-octagon-fill',
}

let notyf: Notyf | undefined

/**
 * Notyf parses its message as HTML, so the message is one of our own words and the caller's text travels as its icon,
 * which Notyf writes as textContent.
 */
function open(kind: Kind, text: string): void {
  notyf ??= create()
  notyf.open({
    type: `ops-${kind}`,
    message: t(`notify.${kind}`),
    icon: { tagName: 'span', className: 'ops-toast-text', text: visible(text, '\n') },
  })
  const region = document.querySelector('.notyf')
  region?.setAttribute('aria-label', t('notify.region'))
  for (const button of region?.querySelectorAll('.notyf__dismiss-btn') ?? []) {
    button.setAttribute('aria-label', t('action.close'))
  }
}

/** Notyf's own announcer would say only its message, our one word: the region of the notices says them whole instead. */
function create(): Notyf {
  const created = new Notyf({
    position: { x: 'right', y: 'bottom' },
    ripple: false,
    dismissible: true,
    // Names of our own: Notyf paints its "success" and "error" in its own colours.
    types: (['success', 'info', 'error'] as const).map((type) => ({
      type: `ops-${type}`,
      className: `ops-toast ops-toast-${type} ${ICONS[type]}`,
      duration: type === 'error' ? 0 : STAY,
    })),
  })
  document.querySelector('.notyf-announcer')?.remove()
  const region = document.querySelector('.notyf')
  region?.setAttribute('role', 'region')
  region?.setAttribute('aria-live', 'polite')
  return created
}

/** Says that something went well; closes itself. */
export function notifySuccess(text: string): void {
  open('success', text)
}

/** Says something worth knowing; closes itself. */
export function notifyInfo(text: string): void {
  open('info', text)
}

/** Says that something failed; stays until dismissed. */
export function notifyError(text: string): void {
  open('error', text)
}

/** Takes every notice away, as when another environment is opened. */
export function dismissNotices(): void {
  notyf?.dismissAll()
}
