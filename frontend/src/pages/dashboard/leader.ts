import { html, nothing, type TemplateResult } from 'lit-html'
import type { Cluster, Leadership } from '../../api/dashboard.ts'
import { planDegrade } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { timeStands } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import type { Action } from '../../ui/menu.ts'
import { facts } from '../../ui/page.ts'
import { workerLink } from '../../ui/routes.ts'
import { foreign, none, time } from '../../ui/text.ts'
import { operate } from '../operate.ts'
import { lockWords } from './lock.ts'

/** What an operator may do with the leader. */
export function leaderActions(signal: AbortSignal, leadership: Leadership, done: () => void): Action[] {
  if (!may('operate') || leadership.leaderId === '' || leadership.degrading) return []
  const worker = visible(cut(leadership.leaderId, 80).text)
  return [
    {
      label: t('operate.degrade'),
      icon: 'bi-arrow-down-circle',
      danger: true,
      run: () =>
        operate(signal, {
          title: t('operate.degrade.title', { worker }),
          verb: t('operate.degrade'),
          plan: planDegrade,
          done,
        }),
    },
  ]
}

/** Who leads, who stands by, and what that rests on. */
export function leaderCard(cluster: Cluster, lock: Node): TemplateResult {
  const l = cluster.leadership
  const standby: (readonly [string, unknown])[] = [
    [t('dashboard.leader.sub'), workerLink(l.subLeaderId)],
    [t('dashboard.leader.subNodes'), l.nodeSubLeaders.length === 0 ? undefined : byNode(l)],
  ]
  if (l.leaderId === '') return html`${leaderless(l)}${facts(standby)}`
  return html`<p class="ops-leader-id">
      <i class="bi bi-star-fill" aria-hidden="true"></i>${workerLink(l.leaderId)}
    </p>
    ${degrading(l)}
    ${facts([
      [
        t('dashboard.leader.node'),
        cluster.leaderNode === ''
          ? html`<span class="ops-bad">${t('dashboard.leader.nodeUnknown')}</span>`
          : foreign(cluster.leaderNode),
      ],
      [t('dashboard.leader.epoch'), l.epoch === '' ? none() : html`<strong>${l.epoch}</strong>`],
      [
        t('dashboard.leader.lastSeen'),
        l.lastSeen === ''
          ? html`<span class="ops-soft">${t('dashboard.leader.lastSeenNone')}</span>`
          : time(l.lastSeen, { age: new Date(cluster.asOf) }),
      ],
      // How long the lock would have lived is nothing that was sampled.
      [
        t('dashboard.leader.lock'),
        timeStands() ? undefined : html`${lock}<span class="ops-lock-left">${lockWords(l.lockMs)}</span>`,
      ],
      ...standby,
    ])}`
}

function byNode(l: Leadership): TemplateResult {
  return html`<ul class="ops-plain-list">
    ${l.nodeSubLeaders.map((s) => html`<li>${foreign(s.nodeId)} ${workerLink(s.workerId)}</li>`)}
  </ul>`
}

function degrading(l: Leadership): TemplateResult | typeof nothing {
  if (!l.degrading) return nothing
  return html`<div class="ops-callout ops-callout-warn" role="status">
    <i class="bi bi-arrow-down-circle-fill" aria-hidden="true"></i>
    <div>
      <strong>${t('dashboard.leader.degrading')}</strong>
      <p>${t('dashboard.leader.degradingText')}</p>
    </div>
  </div>`
}

function leaderless(l: Leadership): TemplateResult {
  return html`<div class="ops-callout ops-callout-bad" role="alert">
    <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i>
    <div>
      <strong>${t('dashboard.leader.none')}</strong>
      ${
        l.epoch === ''
          ? html`<p>${t('dashboard.leader.neverText')}</p>`
          : html`<p>${t('dashboard.leader.noneText')}</p>
              <p>${t('dashboard.leader.lastEpoch', { epoch: l.epoch })}</p>`
      }
    </div>
  </div>`
}
