import { html, nothing, type TemplateResult } from 'lit-html'
import { age, fullTime, parseTime, printTime } from '../lib/format.ts'
import { cut, pieces, type Token } from '../lib/hostile.ts'
import { timeStands } from '../lib/moment.ts'
import { t } from '../text/text.ts'

/** How much of a foreign text a cell shows. */
const CELL_LENGTH = 200

/** A character that would otherwise be invisible, hide or reorder, as a sign. */
export function tokenMark({ token, name, letters }: Token): TemplateResult {
  return html`<span class="ops-token" title=${name} data-letters=${letters ?? nothing}>${token}</span>`
}

/** Text from outside as it is, with suspicious characters as visible tokens, isolated from the direction around it. */
export function foreign(text: string, options: { max?: number; keep?: string } = {}): TemplateResult {
  const shown = cut(text, options.max ?? CELL_LENGTH)
  return html`<bdi class="ops-foreign">${pieces(shown.text, options.keep).map((p) =>
    typeof p === 'string' ? p : tokenMark(p),
  )}${shown.rest > 0 ? html`<span class="ops-cut">…</span>` : nothing}</bdi>`
}

/** An identifier: foreign text in the fixed-width face. */
export function identifier(text: string): TemplateResult {
  return html`<span class="ops-mono">${foreign(text)}</span>`
}

/** A value that may be missing: a dash that a screen reader skips. */
export function optional(text: string): string | TemplateResult {
  return text === '' ? none() : text
}

/** The mark for "nothing here". */
export function none(): TemplateResult {
  return html`<span class="ops-none" aria-label=${t('value.none')}>–</span>`
}

/** How long ago; what is seen at the moment that an archive is looked at isn't "now". */
function agoText(at: Date, now: Date): string {
  const same = Math.abs(now.getTime() - at.getTime()) < 500
  return same && timeStands() ? t('value.thisMoment') : age(at, now)
}

/**
 * A wire time in the operator's zone with its offset; the full instant is in the title. With `age`, the time at which it
 * was read, it says how long ago that was, and leaves out the date of the same day.
 */
export function time(wire: string, options: { seconds?: boolean; age?: Date } = {}): TemplateResult {
  const at = parseTime(wire)
  if (!at) return none()
  const p = printTime(at)
  const today = options.age !== undefined && printTime(options.age).date === p.date
  const clock = options.seconds === false ? p.time.slice(0, 5) : p.time
  const ago = options.age ? html`<span class="ops-age">${agoText(at, options.age)}</span>` : nothing
  return html`<time class="ops-time" datetime=${at.toISOString()} title=${fullTime(at)}
    >${today ? '' : `${p.date} `}${clock}<span class="ops-offset">${p.offset}</span></time
  >${ago}`
}
