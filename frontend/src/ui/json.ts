import { html, type TemplateResult } from 'lit-html'
import { prettyJson } from '../lib/json.ts'
import { t } from '../text/text.ts'
import { foreign } from './text.ts'

/** Longer documents are shown as they came: a thousand coloured lines help nobody. */
const PRETTY = 100_000
/** What stands where a secret was; see the gate's views. */
const MASKED = '"<masked>"'

/** A JSON document, indented and coloured; secrets that were masked say so. */
export function jsonView(text: string): TemplateResult {
  if (text.length > PRETTY) {
    return html`<pre class="ops-pre ops-json-view" tabindex="0">${foreign(text, { max: 1_000_000, keep: '\n\t' })}</pre>`
  }

  return html`<pre class="ops-pre ops-json-view" tabindex="0">${prettyJson(text).map((part) => {
    if (part.kind === 'space') return part.text
    if (part.text === MASKED) {
      return html`<span class="ops-masked" title=${t('json.masked')}><i class="bi bi-eye-slash" aria-hidden="true"></i>${t('json.masked.short')}</span>`
    }
    return html`<span class="ops-json-${part.kind}">${foreign(part.text, { max: PRETTY })}</span>`
  })}</pre>`
}

/** The beginning of a JSON document in one line. */
export function jsonLine(text: string, max: number): TemplateResult {
  return html`<span class="ops-mono ops-json-line">${foreign(text, { max })}</span>`
}
