import { html, nothing, type TemplateResult } from 'lit-html'
import type { Span, Style } from '../../lib/ansi.ts'
import { clockTime } from '../../lib/format.ts'
import { pieces } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { tokenMark } from '../text.ts'

function classes(style: Style): string {
  const names: string[] = []
  const fg = style.inverse ? (style.bg ?? 'black') : style.fg
  const bg = style.inverse ? (style.fg ?? 'white') : style.bg
  if (fg) names.push(`ops-fg-${fg}`)
  if (bg) names.push(`ops-bg-${bg}`)
  if (style.bold) names.push('ops-bold')
  if (style.dim) names.push('ops-dim')
  if (style.italic) names.push('ops-italic')
  if (style.underline) names.push('ops-underline')
  if (style.strike) names.push('ops-strike')
  return names.join(' ')
}

/** The text with each find of `wanted` (lower case, not empty) marked. */
function marked(text: string, wanted: string): (string | TemplateResult)[] {
  const out: (string | TemplateResult)[] = []
  const lower = text.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) out.push(text.slice(from, at))
    out.push(html`<mark>${text.slice(at, at + wanted.length)}</mark>`)
    from = at + wanted.length
  }
  if (from < text.length) out.push(text.slice(from))
  return out
}

function stretch(span: Span, wanted: string): TemplateResult {
  const content = pieces(span.text, '\t').map((p) =>
    typeof p === 'string' ? (wanted === '' ? p : marked(p, wanted)) : tokenMark(p),
  )
  const names = classes(span.style)
  return names === '' ? html`${content}` : html`<span class=${names}>${content}</span>`
}

/** A line of a log, or a part of a long one. */
export interface ShownRow {
  readonly line: number
  /** It goes on with the line of the row above. */
  readonly continues: boolean
  readonly spans: readonly Span[]
  readonly at: string
  readonly stream: string
}

export interface RowLook {
  /** What is looked for, in lower case. */
  wanted: string
  /** The row that was found or asked for. */
  current: boolean
  times: boolean
}

/** One row of a log: its line number and its text, styled, with hostile characters visible. Undefined = it is still coming. */
export function logRow(row: ShownRow | undefined, index: number, { wanted, current, times }: RowLook): TemplateResult {
  if (!row)
    return html`<div class="ops-log-row" data-row=${index}><span class="ops-log-number" aria-hidden="true">…</span></div>`
  const error = row.stream === 'stderr'
  return html`<div class="ops-log-row ${current ? 'ops-log-current' : ''} ${error ? 'ops-log-stderr' : ''}" data-row=${index}
    ><span class="ops-log-number" aria-hidden="true">${row.continues ? nothing : row.line}</span
    >${times ? html`<span class="ops-log-time">${row.continues ? nothing : clockTime(row.at)}</span>` : nothing}${
      error && times ? html`<span class="visually-hidden">${t('log.stderr')}</span>` : nothing
    }<bdi class="ops-log-text">${row.spans.map((s) => stretch(s, wanted))}</bdi></div
  >`
}
