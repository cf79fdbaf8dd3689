import { duration } from '../../lib/format.ts'
import { t } from '../../text/text.ts'

/** The lock time of the contract, in milliseconds: the bar is full there until a longer one is seen. */
const LOCK_TIME = 10_000
/** The bar moves this often, in milliseconds: smooth to the eye, and cheap for a window that is open all day. */
const STEP = 200

/** A bar that runs empty with the leader's lock. */
export interface LockBar {
  readonly element: HTMLElement
  /** Shows how much is left now; negative when the lock never runs out. */
  show(millis: number): void
}

export function createLockBar(): LockBar {
  const element = document.createElement('span')
  element.className = 'ops-lock'
  element.setAttribute('role', 'meter')
  element.setAttribute('aria-label', t('dashboard.leader.lock'))
  element.setAttribute('aria-valuemin', '0')
  element.title = t('dashboard.leader.lockTitle')
  const bar = document.createElement('i')
  element.append(bar)
  let full = LOCK_TIME
  const timing = () => ({ duration: full, easing: `steps(${Math.round(full / STEP)})`, fill: 'both' as const })
  // One animation for good, moved to where the lock is: WebKit gives a new one's memory back only at a full collection.
  const running = bar.animate({ transform: ['scaleX(1)', 'scaleX(0)'] }, timing())
  running.pause()
  const calm = matchMedia('(prefers-reduced-motion: reduce)')

  return {
    element,
    show(millis) {
      if (millis > full) {
        full = millis
        running.effect?.updateTiming(timing())
      }
      const left = millis < 0 ? full : millis
      element.setAttribute('aria-valuemax', String(Math.round(full / 1000)))
      element.setAttribute('aria-valuenow', String(Math.round(Math.max(0, millis) / 1000)))
      element.setAttribute('aria-valuetext', lockWords(millis))
      element.classList.toggle('ops-lock-short', left / full < 0.3)
      running.currentTime = full - left
      if (millis <= 0 || calm.matches) running.pause()
      else running.play()
    },
  }
}

/** How much of the lock is left, in words. */
export function lockWords(millis: number): string {
  return millis < 0 ? t('dashboard.leader.lockForever') : t('dashboard.leader.lockLeft', { left: duration(millis) })
}
