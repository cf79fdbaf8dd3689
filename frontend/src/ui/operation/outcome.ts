import { html, nothing, type TemplateResult } from 'lit-html'
import type { Outcome, Preview } from '../../api/operations.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { runLink } from '../routes.ts'
import { identifier } from '../text.ts'

interface Look {
  icon: string
  tone: string
}

const RESULTS: Readonly<Record<string, Look>> = {
  done: { icon: 'bi-check-circle-fill', tone: 'good' },
  stale: { icon: 'bi-arrow-repeat', tone: 'warning' },
  refused: { icon: 'bi-shield-lock-fill', tone: 'danger' },
  failed: { icon: 'bi-x-octagon-fill', tone: 'danger' },
  unknown: { icon: 'bi-question-diamond-fill', tone: 'warning' },
}

const FACTS: Readonly<Record<string, Look>> = {
  yes: { icon: 'bi-check-lg', tone: 'good' },
  no: { icon: 'bi-x-lg', tone: 'danger' },
  unknown: { icon: 'bi-question-lg', tone: 'warning' },
}

/** What became of an operation, in a heading, a sentence, and the three things that are not the same. */
export function outcomeView(preview: Preview, outcome: Outcome): TemplateResult {
  const look = RESULTS[outcome.result] ?? { icon: 'bi-question-diamond-fill', tone: 'warning' }
  const sentence = reasonText(outcome)
  return html`<div class="ops-outcome ops-outcome-${look.tone}" tabindex="-1" role="status">
    <p class="ops-outcome-result"><i class="bi ${look.icon}" aria-hidden="true"></i> ${resultText(outcome)}</p>
    ${sentence ? html`<p>${sentence}</p>` : nothing}
    <dl class="ops-facts">
      ${fact(t('operation.accepted'), outcome.accepted)}${fact(t('operation.written'), outcome.written)}
      ${fact(t('operation.observed'), outcome.observed)}
      ${
        outcome.createdId !== '' && makesRun(preview)
          ? html`<dt>${t('operation.createdRun')}</dt><dd>${runLink(outcome.createdId)}</dd>`
          : nothing
      }
      ${outcome.operationId === '' ? nothing : html`<dt>${t('operation.id')}</dt><dd>${identifier(outcome.operationId)}</dd>`}
    </dl>
  </div>`
}

/** The same in one line, for a notice. */
export function outcomeText(_preview: Preview, outcome: Outcome): string {
  const sentence = reasonText(outcome)
  return sentence ? `${resultText(outcome)} ${sentence}` : resultText(outcome)
}

/** The result in words. */
export function resultText(outcome: Pick<Outcome, 'result'>): string {
  return tryText(`operation.result.${outcome.result}`, {}) ?? visible(outcome.result)
}

/** Why it is not done, or what there is to know; "" for nothing. */
export function reasonText(outcome: Pick<Outcome, 'result' | 'reason' | 'args'>): string {
  const { reason, args } = outcome
  if (reason === '') return ''
  if (reason === 'operation.changed') {
    const what = tryText(`operation.what.${args['what'] ?? ''}`, {}) ?? t('operation.what.other')
    return t('error.operation.changed', { what })
  }
  return failureText(
    new Failure(outcome.result, reason, t('operation.reasonUnknown', { reason: visible(reason) }), args),
  )
}

function makesRun(preview: Preview): boolean {
  return ['job.run', 'job_run.rerun', 'job_run.reassign'].includes(preview.action)
}

function fact(name: string, value: string): TemplateResult | typeof nothing {
  if (value === 'none') return nothing
  const look = FACTS[value] ?? { icon: 'bi-question-lg', tone: 'warning' }
  const word = tryText(`operation.fact.${value}`, {}) ?? visible(value)
  return html`<dt>${name}</dt>
    <dd class="ops-fact-${look.tone}"><i class="bi ${look.icon}" aria-hidden="true"></i> ${word}</dd>`
}
