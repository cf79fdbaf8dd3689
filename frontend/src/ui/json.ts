import { html, type TemplateResult } from 'lit-html'
import { type JsonPart, prettyLines } from '../lib/json.ts'
import { t } from '../text/text.ts'
import { foreign } from './text.ts'

/** Longer documents are shown as they came: a thousand coloured lines help nobody. */
const PRETTY = 100_000
/** What stands where a secret was; see the gate's views. */
const MASKED = '"<masked>"'

/** A JSON document, indented and coloured; secrets that were masked say so, and lines can be marked by their numbers from 0. */
export function jsonView(text: string, marked: ReadonlySet<number> = new Set()): TemplateResult {
  if (text.length > PRETTY) {
    return html`<pre class="ops-pre ops-json-view" tabindex="0">${foreign(text, { max: 1_000_000, keep: '\n\t' })}</pre>`
  }
  return html`<pre class="ops-pre ops-json-view" tabindex="0">${prettyLines(text).map((line, n) =>
    marked.has(n) ? markedLine(line) : line.map(partView),
  )}</pre>`
}

/** The space in front of a line isn't marked. */
function markedLine(line: readonly JsonPart[]): TemplateResult {
  const [first, ...rest] = line
  if (first?.kind !== 'space') return html`<mark class="ops-json-marked">${line.map(partView)}</mark>`
  return html`${first.text}<mark class="ops-json-marked">${rest.map(partView)}</mark>`
}

function partView(part: JsonPart): TemplateResult | string {
  if (part.kind === 'space') return part.text
  if (part.text === MASKED) {
    return html`<span class="ops-masked" title=${t('json.masked')}><i class="bi bi-eye-slash" aria-hidden="true"></i>${t('json.masked.short')}</span>`
  }
  return html`<span class="ops-json-${part.kind}">${foreign(part.text, { max: PRETTY })}</span>`
}

/** The beginning of a JSON document in one line. */
export function jsonLine(text: string, max: number): TemplateResult {
  return html`<span class="ops-mono ops-json-line">${foreign(text, { max })}</span>`
}
