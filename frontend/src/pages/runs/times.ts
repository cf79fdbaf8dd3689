import { html, nothing, type TemplateResult } from 'lit-html'
import { fullTime, offsetAt, parseTime, printTime } from '../../lib/format.ts'
import { nowShown } from '../../lib/moment.ts'
import { none } from '../../ui/text.ts'

/**
 * A time for the columns of dense tables: without the year if it is this one, and without the offset where the
 * column's title has the same. The whole instant is in the title.
 */
export function shortTime(wire: string, now: Date): TemplateResult {
  const at = parseTime(wire)
  if (!at) return none()
  const printed = printTime(at)
  const date = printed.date.slice(0, 4) === printTime(now).date.slice(0, 4) ? printed.date.slice(5) : printed.date
  return html`<time class="ops-time" datetime=${at.toISOString()} title=${fullTime(at)}
    >${date} ${printed.time}${
      printed.offset === offsetAt(now) ? nothing : html`<span class="ops-offset">${printed.offset}</span>`
    }</time
  >`
}

/** A column's title with the offset that its times have. */
export function zoned(title: string): string {
  return `${title} (${offsetAt(nowShown())})`
}
