import { html, nothing, type TemplateResult } from 'lit-html'
import type { ProbeAnswer } from '../../api/workers.ts'
import { failureText } from '../../lib/failure.ts'
import { age, count, latency, parseTime, signedLatency } from '../../lib/format.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { role, yesNo } from '../../ui/badge.ts'
import { facts } from '../../ui/page.ts'
import { runLink } from '../../ui/routes.ts'
import { foreign, identifier, none, time } from '../../ui/text.ts'

/** What a worker answered to Ping and GetStatus, or why it did not. */
export function probeView(answer: ProbeAnswer): TemplateResult {
  const { status } = answer
  return html`${
    answer.failure
      ? html`<p class="ops-bad" role="alert">
          <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i> ${failureText(answer.failure)}
        </p>`
      : nothing
  }${facts([
    [t('worker.roundTrip'), answer.roundTripMs === undefined ? none() : latency(answer.roundTripMs)],
    [
      html`<span title=${t('worker.clockOffsetTitle')}>${t('worker.clockOffset')}</span>`,
      answer.clockOffsetMs === undefined ? none() : signedLatency(answer.clockOffsetMs),
    ],
    [t('worker.epoch'), answer.observedEpoch === '' ? none() : identifier(answer.observedEpoch)],
    [t('worker.role'), status && role(status.role)],
    [t('worker.load'), status && count(status.load)],
    [t('worker.currentRun'), status && runLink(status.currentRunId)],
    [t('worker.mark.detached'), status && yesNo(status.detached)],
    [t('worker.mark.draining'), status && yesNo(status.draining)],
    [t('worker.heartbeat'), status && time(status.lastHeartbeat, { age: nowShown() })],
  ])}`
}

/** The certificate that the worker showed. */
export function certificateView(answer: ProbeAnswer | undefined): TemplateResult {
  if (!answer) return html`<p class="ops-soft mb-0">${t('worker.certificateUnasked')}</p>`
  const { certificate } = answer
  if (!certificate) {
    return answer.failure
      ? html`<p class="ops-soft mb-0">${none()}</p>`
      : html`<p class="ops-warn mb-0">${t('worker.certificateNone')}</p>`
  }
  const ends = parseTime(certificate.notAfter)
  const now = nowShown()
  const soon = ends !== undefined && ends.getTime() - now.getTime() < SOON
  return facts([
    [t('worker.certificateSubject'), foreign(certificate.subject)],
    [t('worker.certificateBefore'), time(certificate.notBefore)],
    [
      t('worker.certificateAfter'),
      html`${time(certificate.notAfter)}
      ${
        ends
          ? html`<span class=${soon ? 'ops-bad' : 'ops-soft'}
              >${soon ? html`<i class="bi bi-exclamation-triangle-fill" aria-hidden="true"></i> ` : nothing}${t(
                'worker.certificateEnds',
                { age: age(ends, now) },
              )}</span
            >`
          : nothing
      }`,
    ],
    [t('worker.certificatePrint'), html`<span class="ops-fingerprint">${identifier(certificate.sha256)}</span>`],
  ])
}

/** A certificate that ends within this is marked: two weeks, in milliseconds. */
const SOON = 14 * 86_400_000
