import { html, nothing, type TemplateResult } from 'lit-html'
import type { Reload, ReloadTarget, SettingList } from '../../api/settings.ts'
import { countdown, parseTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { openModal } from '../../ui/modal.ts'
import { facts } from '../../ui/page.ts'
import { workerLink } from '../../ui/routes.ts'
import { createTable } from '../../ui/table.ts'
import { foreign, identifier, none, optional, time } from '../../ui/text.ts'

/** How long a leader takes at most to see to a request, in milliseconds; one that takes longer is worth a word. */
const PROMPT = 15_000

/** What became of the latest request to apply settings, and what to do where nobody sees to it. */
export function reloadNote(list: SettingList, now: Date, details: (reload: Reload) => void): TemplateResult {
  const [latest] = list.reloads
  if (!latest) return html`<div class="ops-apply"><span class="ops-soft">${t('settings.reload.never')}</span></div>`
  return html`<div class="ops-apply">
      <span class="ops-apply-what">${t('settings.reload.latest')}</span>
      ${statusBadge(latest)}
      <span>${countWords(latest)}</span>
      <span class="ops-soft"
        >${latest.requestedBy === '' ? t('audit.nobody') : foreign(latest.requestedBy, { max: 40 })}
        ${time(latest.requestedAt, { age: now })}</span
      >
      <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => details(latest)}>
        ${t('settings.reload.details')}
      </button>
    </div>
    ${waitingNote(latest, list.leader, now)}`
}

function countWords(reload: Reload): string {
  if (reload.unreadable) return t('settings.reload.unreadable')
  if (reload.status === 'PENDING') return ''
  return t('settings.reload.count', { ok: reload.ok, total: reload.total })
}

/** Why a request that waits is not seen to, and what helps. */
export function waitingNote(reload: Reload, leader: string | undefined, now: Date): TemplateResult | typeof nothing {
  if (reload.status !== 'PENDING') return nothing
  const since = now.getTime() - (parseTime(reload.requestedAt) ?? now).getTime()
  const span = countdown(Math.max(0, since))
  const call = (tone: string, icon: string, words: string) => html`<div class="ops-callout ops-callout-${tone}">
    <i class="bi ${icon}" aria-hidden="true"></i>
    <p class="mb-0" role="status">${words}</p>
  </div>`
  if (leader === '') return call('warn', 'bi-person-x-fill', t('settings.reload.noLeader', { span }))
  if (since < PROMPT) return call('info', 'bi-hourglass-split', t('settings.reload.waiting'))
  if (leader === undefined) return call('warn', 'bi-hourglass-split', t('settings.reload.leaderUnknown', { span }))
  return call('warn', 'bi-hourglass-split', t('settings.reload.late', { span, leader: visible(leader) }))
}

const LOOKS: Readonly<Record<string, readonly [icon: string, tone: string]>> = {
  PENDING: ['bi-hourglass-split', 'pending'],
  APPLIED: ['bi-check-circle-fill', 'succeeded'],
  FAILED: ['bi-x-octagon-fill', 'failed'],
}

/** A request's state as a shape and a word. */
export function statusBadge(reload: Reload): TemplateResult {
  const look = Object.hasOwn(LOOKS, reload.status) ? LOOKS[reload.status] : undefined
  const [icon, tone] = look ?? ['bi-patch-question', 'unknown']
  const word = tryText(`settings.reload.status.${reload.status}`, {}) ?? visible(reload.status)
  return html`<span class="ops-badge ops-run-${tone}"><i class="bi ${icon}" aria-hidden="true"></i>${word}</span>`
}

/** What each worker answered to a request. */
export function showReload(signal: AbortSignal, reload: Reload): void {
  const open = new AbortController()
  const modal = openModal(signal, {
    title: t('settings.reload.title', { id: visible(reload.id) }),
    size: 'lg',
    body: html`${facts([
      [t('settings.reload.status'), statusBadge(reload)],
      [t('settings.reload.by'), reload.requestedBy === '' ? t('audit.nobody') : foreign(reload.requestedBy)],
      [t('settings.reload.at'), time(reload.requestedAt)],
      [t('settings.reload.applied'), time(reload.appliedAt)],
      [t('settings.reload.leader'), workerLink(reload.leaderId)],
      [t('settings.reload.epoch'), optional(reload.leaderEpoch)],
      [t('settings.reload.workers'), countWords(reload) === '' ? none() : countWords(reload)],
    ])}
      <div class="ops-reload-targets mt-3"></div>`,
    onClose: () => open.abort(),
  })
  const host = modal.element.querySelector<HTMLElement>('.ops-reload-targets')
  if (!host) return
  createTable<ReloadTarget>(host, open.signal, {
    id: 'ops-reload',
    label: t('settings.reload.targets'),
    columns: [
      {
        key: 'worker',
        title: t('settings.reload.worker'),
        value: ({ workerId }) => workerId,
        cell: ({ workerId }) => workerLink(workerId),
      },
      {
        key: 'ok',
        title: t('settings.reload.answer'),
        value: ({ ok }) => Number(ok),
        cell: ({ ok }) =>
          html`<span class="ops-badge ops-run-${ok ? 'succeeded' : 'failed'}"
            ><i class="bi ${ok ? 'bi-check-circle-fill' : 'bi-x-octagon-fill'}" aria-hidden="true"></i>${
              ok ? t('settings.reload.ok') : t('settings.reload.failed')
            }</span
          >`,
      },
      {
        key: 'message',
        title: t('settings.reload.message'),
        value: ({ message }) => message,
        cell: ({ message }) => (message === '' ? none() : foreign(message, { max: 300 })),
      },
      {
        key: 'address',
        title: t('settings.reload.address'),
        value: ({ address }) => address,
        cell: ({ address }) => (address === '' ? none() : identifier(address)),
      },
      {
        key: 'generation',
        title: t('settings.reload.generation'),
        align: 'end',
        value: ({ generation }) => generation,
        cell: ({ generation }) => optional(generation),
      },
    ],
    key: ({ workerId }) => workerId,
    order: ['ok', 'asc'],
    plain: true,
    empty: { kind: 'empty', title: t('settings.reload.noTargets') },
  }).update(reload.targets)
}
