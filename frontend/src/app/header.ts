import { html, nothing, render, type TemplateResult } from 'lit-html'
import { type Environment, type Session, session } from '../api/session.ts'
import { age, countdown, printTime } from '../lib/format.ts'
import { type Freshness, freshness, isStale } from '../lib/freshness.ts'
import { visible } from '../lib/hostile.ts'
import type { Replica } from '../lib/live.ts'
import { lockNow, openUnlock } from '../pages/unlock.ts'
import { t } from '../text/text.ts'
import { environment } from '../ui/badge.ts'
import { archiveHeader } from './archive/header.ts'
import { replicaItem } from './replica.ts'

type Connection = 'closed' | 'opening' | 'open' | 'live' | 'stale' | 'lost'

const ICONS: Record<Connection, string> = {
  closed: 'bi-plug',
  opening: 'bi-hourglass-split',
  open: 'bi-plug-fill',
  live: 'bi-broadcast',
  stale: 'bi-clock-history',
  lost: 'bi-exclamation-octagon-fill',
}

/** How the window stands to its environment. */
export function connectionOf(now: Session, fresh: Freshness, stale: boolean): Connection {
  if (!now.environment) return now.opening && !now.opening.failure ? 'opening' : 'closed'
  if (fresh.failure?.code === 'unavailable') return 'lost'
  if (stale) return 'stale'
  return fresh.asOf ? 'live' : 'open'
}

/** Draws the header: environment, operator and what they may do, how old the data is, and the connection. */
export function drawHeader(element: HTMLElement, bell: Node, replica?: Replica): void {
  const now = session()
  const fresh = freshness()
  const stale = isStale(fresh, Date.now())
  const connection = connectionOf(now, fresh, stale)
  const env = now.environment
  if (env?.archive) {
    render(archiveHeader(env), element)
    return
  }
  // Its place is kept while nothing has been read, so that nothing moves when it comes.
  const asOf = fresh.asOf ?? new Date()
  const printed = printTime(asOf)
  render(
    html`<span class="ops-brand">Opsdeck</span>
      ${env ? environment(env.kind, env.name, env.color) : nothing}
      <span class="ops-header-space"></span>
      ${
        env
          ? html`<span class="ops-header-item" title=${`${t('frame.login')}: ${visible(env.login)}`}
                ><i class="bi bi-person" aria-hidden="true"></i><span class="visually-hidden">${t('frame.operator')}</span
                ><b>${operatorName(env)}</b
                >${env.role === '' ? nothing : html`<span>${t(`frame.role.${env.role}`)}</span>`}</span
              >${permission(env)}
              <span class="ops-header-item ${stale ? 'ops-warn' : ''} ${fresh.asOf ? '' : 'ops-unseen'}"
                ><span>${t('frame.asOf')}</span
                ><time datetime=${asOf.toISOString()}
                  >${printed.time}<span class="ops-offset">${printed.offset}</span></time
                >${stale ? html`<span>(${age(asOf, new Date())})</span>` : nothing}</span
              >${replica ? replicaItem(replica) : nothing}`
          : nothing
      }
      ${bell}
      <span class="ops-connection ops-connection-${connection}"
        ><i class="bi ${ICONS[connection]}" aria-hidden="true"></i><span>${t(`connection.${connection}`)}</span></span
      ><span class="visually-hidden" aria-live="polite"
        >${t(`connection.${connection === 'open' ? 'live' : connection}`)}</span
      >`,
    element,
  )
}

/** What may be changed: nothing, nothing until it is unlocked, or everything for so long. */
function permission(env: Environment): TemplateResult | typeof nothing {
  const pill = (icon: string, title: string) =>
    html`<span class="ops-pill" title=${title}><i class="bi ${icon}" aria-hidden="true"></i> ${t('frame.readOnly')}</span>`
  if (env.inactive) {
    return html`<span class="ops-pill ops-pill-open" role="status" title=${t('frame.inactiveTitle')}
      ><i class="bi bi-person-slash" aria-hidden="true"></i> ${t('frame.inactive')}</span
    >`
  }
  if (env.archive) return pill('bi-archive', t('frame.archiveTitle'))
  if (env.readOnly) return pill('bi-eye', env.gate ? t('frame.readOnlyTitle') : t('frame.noGateTitle'))
  if (!env.policy.locks) return nothing
  const left = (env.policy.unlockedUntil?.getTime() ?? 0) - Date.now()
  if (left <= 0) {
    return html`<span class="ops-guard" role="group" aria-label=${t('unlock.state')}
      ><span class="ops-pill"><i class="bi bi-lock-fill" aria-hidden="true"></i> ${t('unlock.locked')}</span
      ><button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => openUnlock(windowLife)}>
        ${t('unlock.open')}
      </button></span
    >`
  }
  return html`<span class="ops-guard" role="group" aria-label=${t('unlock.state')}
    ><span class="ops-pill ops-pill-open"
      ><i class="bi bi-unlock-fill" aria-hidden="true"></i> ${t('unlock.unlocked')}
      <time role="timer" class="ops-guard-left">${countdown(left)}</time></span
    ><button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => void lockNow()}>
      ${t('unlock.lock')}
    </button></span
  >`
}

/** Dialogs that the header opens live as long as the window, or until they are closed. */
const windowLife = new AbortController().signal

/** The person, or the login where nobody knows whose it is. */
function operatorName(env: Environment): string {
  const name = env.operator === '' ? env.login : env.operator
  return name === '' ? t('value.unknown') : visible(name)
}

/** Marks the content as stale where it stands, in words too. */
export function markStale(content: HTMLElement, note: HTMLElement): void {
  const fresh = freshness()
  const stale = session().environment !== undefined && isStale(fresh, Date.now())
  content.toggleAttribute('data-stale', stale)
  if (stale) {
    render(html`<span>${t('frame.staleText')}</span>`, note)
    if (!note.isConnected) content.prepend(note)
  } else note.remove()
}
