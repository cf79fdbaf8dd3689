import { html, type TemplateResult } from 'lit-html'
import type { ComparedField } from '../../api/comparison.ts'
import { diffLines } from '../../lib/diff.ts'
import { prettyLines } from '../../lib/json.ts'
import { t } from '../../text/text.ts'
import { jsonView } from '../../ui/json.ts'
import { foreign, none } from '../../ui/text.ts'

/** A field's values here and there. In documents that differ, the lines that only one of them has are marked. */
export function valueViews(field: ComparedField): [here: TemplateResult, there: TemplateResult] {
  const { here, there } = field
  if (field.state === 'equal' || !isDocument(here) || !isDocument(there))
    return [valueView(field, here), valueView(field, there)]
  const lines = diffLines(linesOf(here), linesOf(there))
  return [jsonView(here, ownLines(lines, 'left')), jsonView(there, ownLines(lines, 'right'))]
}

/** A comma more or less at a line's end is no difference. */
const linesOf = (text: string) =>
  prettyLines(text).map((line) =>
    line
      .map((part) => part.text)
      .join('')
      .replace(/,$/, ''),
  )

/** The numbers of the lines, in the text of a side, that the other side doesn't have. */
function ownLines(lines: ReturnType<typeof diffLines>, side: 'left' | 'right'): ReadonlySet<number> {
  const ofSide = lines.filter((line) => line.side === 'both' || line.side === side)
  return new Set([...ofSide.keys()].filter((n) => ofSide[n]?.side === side))
}

const isDocument = (value: string) => value.startsWith('{') || value.startsWith('[')

/** A value of one side. */
export function valueView(field: ComparedField, value: string): TemplateResult {
  if (field.state === 'unknown' && value === '') {
    return html`<span class="ops-masked"><i class="bi bi-eye-slash" aria-hidden="true"></i>${t('sides.secret')}</span>`
  }
  if (value === '') return none()
  if (isDocument(value)) return jsonView(value)
  return html`<span class="ops-mono ops-wrap">${foreign(value, { max: 2000, keep: '\n' })}</span>`
}
