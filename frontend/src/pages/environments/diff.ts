import { html, nothing, type TemplateResult } from 'lit-html'
import type { ComparedField, ComparedItem } from '../../api/comparison.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { valueViews } from './values.ts'
import { fieldName, stateMark } from './words.ts'

/** What can be done with a field in its row. */
export interface FieldEvents {
  expect(field: ComparedField, keep: boolean): void
}

type Named = Pick<ComparedItem, 'kind' | 'name'>

/** An item's fields on both sides, under the names of the sides. Among fields that are equal, those that differ stand out. */
export function diffTable(
  item: Named,
  fields: readonly ComparedField[],
  [left, right]: readonly [string, string],
  events?: FieldEvents,
): TemplateResult {
  const mixed = fields.some(({ state }) => state !== 'different')
  return html`<div class="ops-scroll" tabindex="0" role="region" aria-label=${visible(item.name)}>
    <table class="table table-sm ops-plain-table ops-compare ops-sides-table">
      <caption class="visually-hidden">${visible(item.name)}</caption>
      <thead>
        <tr>
          <th scope="col">${t('sides.field')}</th>
          <th scope="col">${left}</th>
          <th scope="col">${right}</th>
          ${events ? html`<th scope="col">${t('sides.column.state')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${fields.map((field) => fieldRow(item, field, mixed, events))}
      </tbody>
    </table>
  </div>`
}

function fieldRow(item: Named, field: ComparedField, stands: boolean, events?: FieldEvents): TemplateResult {
  const [here, there] = valueViews(field)
  return html`<tr class=${stands && field.state === 'different' ? 'ops-differs' : ''}>
    <th scope="row">${fieldName(item, field.name)}</th>
    <td class="ops-wrap">${here}</td>
    <td class="ops-wrap">${there}</td>
    ${events ? html`<td>${stateMark(field.state)}${ruleView(field, events)}</td>` : nothing}
  </tr>`
}

/** What was expected of a field, and the button that expects its difference or no longer does. */
function ruleView(field: ComparedField, events: FieldEvents): TemplateResult | typeof nothing {
  const button = (keep: boolean) =>
    html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => events.expect(field, keep)}>
      ${keep ? t('sides.expect') : t('sides.unexpect')}
    </button>`
  const broken = field.rule && field.state === 'different'
  const said = broken
    ? html`<p class="ops-warn mb-1">
        ${t('sides.expectedWas', { here: short(field.rule?.here), there: short(field.rule?.there) })}
      </p>`
    : nothing
  if (field.state === 'different')
    return html`<div>${said}${button(true)} ${field.rule ? button(false) : nothing}</div>`
  return field.rule ? html`<div>${button(false)}</div>` : nothing
}

function short(value: string | undefined): string {
  if (!value) return '–'
  return visible(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
