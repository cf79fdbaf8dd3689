import { html, nothing, type TemplateResult } from 'lit-html'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { foreign } from '../../ui/text.ts'

/** How an operation ended, as the end of an action's name says it. */
export const RESULTS = ['requested', 'succeeded', 'failed', 'unknown', 'refused', 'stale', 'written'] as const
type Result = (typeof RESULTS)[number]

/** Splits "worker.detach.succeeded" into what was done and how it ended. Actions without an end were done. */
export function splitAction(action: string): { name: string; result: Result | '' } {
  const at = action.lastIndexOf('.')
  const result = RESULTS.find((r) => r === action.slice(at + 1))
  return at > 0 && result && action.slice(0, at).includes('.')
    ? { name: action.slice(0, at), result }
    : { name: action, result: '' }
}

/** What an action is called; its own name where nobody has translated it. */
export function actionWords(action: string): string {
  const { name, result } = splitAction(action)
  const words = tryText(`audit.action.${name}`, {}) ?? visible(name)
  return result === '' ? words : `${words} (${t(`audit.result.${result}`)})`
}

const LOOKS: Readonly<Record<Result, readonly [icon: string, tone: string]>> = {
  requested: ['bi-hourglass-split', 'pending'],
  succeeded: ['bi-check-circle-fill', 'succeeded'],
  failed: ['bi-x-octagon-fill', 'failed'],
  unknown: ['bi-question-octagon-fill', 'orphaned'],
  refused: ['bi-shield-lock-fill', 'timed-out'],
  stale: ['bi-clock-history', 'canceled'],
  written: ['bi-pencil-square', 'assigned'],
}

/** An action in words, with its own name, and how it ended. */
export function actionCell(action: string): TemplateResult {
  const { name, result } = splitAction(action)
  const words = tryText(`audit.action.${name}`, {})
  return html`<span class="ops-action"
    >${words === undefined ? nothing : html`<span>${words}</span>`}<span class="ops-mono ${words === undefined ? '' : 'ops-soft'}"
      >${foreign(name, { max: 60 })}</span
    >${result === '' ? nothing : resultBadge(result)}</span
  >`
}

function resultBadge(result: Result): TemplateResult {
  const [icon, tone] = LOOKS[result]
  return html`<span class="ops-badge ops-run-${tone}" title=${t(`audit.result.${result}.title`)}
    ><i class="bi ${icon}" aria-hidden="true"></i>${t(`audit.result.${result}`)}</span
  >`
}
