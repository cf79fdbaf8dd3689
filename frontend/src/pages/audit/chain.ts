import { html, nothing, render, type TemplateResult } from 'lit-html'
import { type AuditChain, type AuditVerdict, readChain, verifyAudit } from '../../api/audit.ts'
import { session } from '../../api/session.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { parseTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { latest } from '../../lib/latest.ts'
import { onChange } from '../../lib/live.ts'
import { nowShown } from '../../lib/moment.ts'
import { judgeSeal, pinnedSeal, pinSeal } from '../../lib/pins.ts'
import { t, tryText } from '../../text/text.ts'
import { time } from '../../ui/text.ts'

export interface ChainState {
  chain?: AuditChain
  verdict?: AuditVerdict
  failure?: Failure
  verifying: boolean
  /** What the newest seal says against the one that was seen before. */
  doubt?: 'seal.missing' | 'seal.changed'
}

export interface ChainEvents {
  verify(full: boolean): void
  open(entry: string): void
}

/** How the audit is guarded, kept current. */
export function createChainNote(signal: AbortSignal, open: (entry: string) => void): HTMLElement {
  const element = document.createElement('div')
  element.className = 'ops-chain'
  let state: ChainState = { verifying: false }
  let full = false
  const environment = () => session().environment?.id ?? ''

  function take(next: Partial<ChainState>): void {
    state = { ...state, ...next }
    render(chainView(state, nowShown(), { verify, open }), element)
  }
  const read = latest(signal, readChain, {
    done(chain) {
      const pin = pinnedSeal(environment())
      const doubt = chain.installed ? judgeSeal(pin, chain) : undefined
      if (chain.installed && !doubt) pinSeal(environment(), chain)
      const { failure: _, ...rest } = state
      state = rest
      take(doubt ? { chain, doubt } : { chain })
    },
    failed: (failure) => take({ failure }),
  })
  const check = latest(
    signal,
    () => {
      const pin = pinnedSeal(environment())
      return full || !pin ? verifyAudit() : verifyAudit(pin)
    },
    {
      done(verdict) {
        if (verdict.ok) pinSeal(environment(), verdict)
        take({ verdict, verifying: false })
      },
      failed: (failure) => take({ failure, verifying: false }),
    },
  )
  function verify(everything: boolean): void {
    full = everything
    const { verdict: _, failure: __, ...rest } = state
    state = rest
    take({ verifying: true })
    check()
  }
  onChange('audit', signal, read)
  read()
  return element
}

/** The state of the chain in a line, and what is wrong with it. */
export function chainView(state: ChainState, now: Date, events: ChainEvents): TemplateResult {
  const { chain, verdict, failure, verifying, doubt } = state
  return html`${chain ? stateLine(chain, verifying, now, events) : nothing}
    ${doubt ? alarm(t('audit.chain.doubt'), problemWords(doubt)) : nothing}
    ${verdict ? verdictView(verdict, events) : nothing}
    ${failure ? html`<p class="ops-bad mb-0" role="alert">${failureText(failure)}</p>` : nothing}`
}

function stateLine(chain: AuditChain, verifying: boolean, now: Date, events: ChainEvents): TemplateResult {
  if (!chain.installed) {
    return html`<p class="ops-chain-line mb-0">
      <i class="bi bi-shield-slash" aria-hidden="true"></i> <span class="ops-soft">${t('audit.chain.none')}</span>
    </p>`
  }
  const button = (words: string, full: boolean) => html`<button
    type="button"
    class="btn btn-sm btn-outline-secondary"
    ?disabled=${verifying}
    @click=${() => events.verify(full)}
  >
    ${words}
  </button>`
  return html`<div class="ops-chain-line">
    <span
      ><i class="bi ${chain.complete ? 'bi-shield-check ops-good' : 'bi-shield-exclamation ops-warn'}" aria-hidden="true"></i>
      ${chain.complete ? t('audit.chain.on') : t('audit.chain.unfinished')}</span
    >
    <span class="ops-soft"
      >${
        chain.seal === ''
          ? t('audit.chain.unsealed')
          : html`${t('audit.chain.sealed', { seal: chain.seal })} ${time(chain.sealedAt, { seconds: false, age: now })}`
      }</span
    >
    ${
      verifying
        ? html`<span role="status"><i class="bi bi-hourglass-split" aria-hidden="true"></i> ${t('audit.chain.verifying')}</span>`
        : html`${button(t('audit.chain.verify'), false)}${button(t('audit.chain.verifyAll'), true)}`
    }
  </div>`
}

function verdictView(verdict: AuditVerdict, events: ChainEvents): TemplateResult {
  const at = parseTime(verdict.asOf)
  if (verdict.ok) {
    return html`<p class="ops-chain-verdict mb-0" role="status">
      <i class="bi bi-check-circle-fill ops-good" aria-hidden="true"></i>
      ${t(verdict.full ? 'audit.chain.ok.full' : 'audit.chain.ok', { n: verdict.checked })}
      ${at ? time(verdict.asOf) : nothing}
    </p>`
  }
  const where =
    verdict.actor === '' && verdict.login === ''
      ? ''
      : t('audit.chain.where', {
          actor: verdict.actor === '' ? t('audit.nobody') : visible(verdict.actor),
          login: verdict.login === '' ? t('audit.nobody') : visible(verdict.login),
          place: verdict.place,
        })
  return alarm(
    t('audit.chain.broken'),
    html`${problemWords(verdict.problem)} ${where}
    ${
      verdict.auditId === ''
        ? nothing
        : html`<button type="button" class="btn btn-sm btn-outline-danger" @click=${() => events.open(verdict.auditId)}>
            ${t('audit.entry', { id: verdict.auditId })}
          </button>`
    }`,
  )
}

function problemWords(problem: string): string {
  return tryText(`audit.problem.${problem}`, {}) ?? visible(problem)
}

function alarm(title: string, content: unknown): TemplateResult {
  return html`<div class="ops-callout ops-callout-bad" role="alert">
    <i class="bi bi-shield-fill-exclamation" aria-hidden="true"></i>
    <div><strong>${title}</strong> ${content}</div>
  </div>`
}
