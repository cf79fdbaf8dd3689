import { html, nothing, type TemplateResult } from 'lit-html'
import type { Span, Style } from '../../lib/ansi.ts'
import { pieces } from '../../lib/hostile.ts'
import type { Lines } from '../../lib/lines.ts'
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

/** One row of a log: its line number and its text, styled, with hostile characters visible. */
export function logRow(lines: Lines, row: number, wanted: string, current: boolean): TemplateResult {
  return html`<div class="ops-log-row ${current ? 'ops-log-current' : ''}" data-row=${row}
    ><span class="ops-log-number" aria-hidden="true">${lines.lineNumber(row) ?? nothing}</span
    ><bdi class="ops-log-text">${lines.spans(row).map((s) => stretch(s, wanted))}</bdi></div
  >`
}
