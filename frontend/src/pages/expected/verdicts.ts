import { html, type TemplateResult } from 'lit-html'
import { visible } from '../../lib/hostile.ts'
import { tryText } from '../../text/text.ts'

/** The verdicts in the order in which they are told; those from `late` on are to be looked at. */
export const VERDICTS = [
  'on_time',
  'waiting',
  'retry',
  'late',
  'missed',
  'skipped',
  'withdrawn',
  'duplicate',
  'not_due',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** Those that are not as they should be. */
export const AMISS: readonly Verdict[] = ['late', 'missed', 'skipped', 'withdrawn', 'duplicate', 'not_due']

const LOOKS: Readonly<Record<string, { icon: string; tone: string }>> = {
  on_time: { icon: 'bi-check-lg', tone: 'good' },
  waiting: { icon: 'bi-hourglass', tone: 'soft' },
  retry: { icon: 'bi-arrow-clockwise', tone: 'soft' },
  late: { icon: 'bi-clock-history', tone: 'warn' },
  missed: { icon: 'bi-x-octagon-fill', tone: 'bad' },
  skipped: { icon: 'bi-skip-forward', tone: 'warn' },
  withdrawn: { icon: 'bi-slash-circle', tone: 'soft' },
  duplicate: { icon: 'bi-files', tone: 'warn' },
  not_due: { icon: 'bi-question-diamond', tone: 'warn' },
}

/** The word of a verdict. */
export function verdictName(verdict: string): string {
  return tryText(`expected.verdict.${verdict}`, {}) ?? visible(verdict)
}

/** A verdict as a mark and a word. */
export function verdictBadge(verdict: string): TemplateResult {
  const look = Object.hasOwn(LOOKS, verdict) ? LOOKS[verdict] : undefined
  return html`<span class="ops-badge ops-verdict-mark ops-verdict-is-${look?.tone ?? 'soft'}"
    ><i class="bi ${look?.icon ?? 'bi-patch-question'}" aria-hidden="true"></i>${verdictName(verdict)}</span
  >`
}
