import { setWindowTitle } from '../api/bridge.ts'
import { reportActive, type Session } from '../api/session.ts'
import { visible } from '../lib/hostile.ts'
import { t, tryText } from '../text/text.ts'

/** How often Go is told that somebody uses the window, in milliseconds. */
const ACTIVE_EVERY = 20_000

/** Tells Go that somebody uses the window, now and then. */
export function watchUse(signal: AbortSignal): void {
  let told: number | undefined
  const use = ({ timeStamp }: Event) => {
    if (told !== undefined && timeStamp - told < ACTIVE_EVERY) return
    told = timeStamp
    reportActive()
  }
  for (const type of ['pointerdown', 'keydown', 'wheel']) addEventListener(type, use, { signal, passive: true })
}

/** Gives the window the frame and the name of what it shows. */
export function drawWindow({ environment: env }: Session, heading: string): void {
  const root = document.documentElement
  root.dataset['opsEnvironment'] = env ? frameOf(env.kind) : ''
  root.toggleAttribute('data-ops-archive', env?.archive !== undefined)
  setWindowTitle(titleOf(env, heading))
}

/** The kind whose frame the window has: what nobody knows may be production. */
function frameOf(kind: string): string {
  return ['sandbox', 'development', 'staging'].includes(kind) ? kind : 'production'
}

/** The window's name, the environment first: lists of windows cut long names. */
export function titleOf(env: { kind: string; name: string; archive?: unknown } | undefined, heading: string): string {
  const known = env ? (tryText(`environment.${env.kind}`, {}) ?? t('environment.production')) : ''
  const kind = env?.archive === undefined ? known : t('archive.word')
  const parts = [env ? `[${kind}] ${visible(env.name)}` : '', heading === 'Opsdeck' ? '' : heading, 'Opsdeck']
  return parts.filter((part) => part !== '').join(' – ')
}
