import { html, nothing } from 'lit-html'
import type { ComparedItem } from '../../api/comparison.ts'
import { compareTexts } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import type { Column } from '../../ui/table.ts'
import { foreign } from '../../ui/text.ts'
import { differing, fieldName, kindName, stateMark, stateRank, stateWord } from './words.ts'

/** The most differing fields that a row names. */
const NAMED = 4

/** What names an item in the table. */
export const itemKey = (item: ComparedItem): string => `${item.kind} ${item.name}`

/** The columns of the comparison; made anew for each page, because titles follow the language. */
export function itemColumns(): Column<ComparedItem>[] {
  return [
    {
      key: 'name',
      title: t('sides.column.name'),
      pinned: true,
      className: 'ops-cell-name',
      value: (item) => item.name,
      cell: (item) =>
        html`<span class=${item.kind === 'setting' ? 'ops-mono' : ''}>${foreign(item.name, { max: 120 })}</span>`,
    },
    {
      key: 'kind',
      title: t('sides.column.kind'),
      value: (item) => item.kind,
      search: (item) => kindName(item.kind),
      cell: (item) => kindName(item.kind),
    },
    {
      key: 'state',
      title: t('sides.column.state'),
      value: (item) => stateRank(item.state),
      search: (item) => stateWord(item.state),
      cell: (item) => stateMark(item.state),
    },
    {
      key: 'fields',
      title: t('sides.column.fields'),
      sortable: false,
      value: (item) =>
        differing(item)
          .map((f) => fieldName(item, f.name))
          .sort(compareTexts)
          .join(' '),
      cell: (item) => fieldsCell(item),
    },
  ]
}

/** The fields that differ, but for what stands on one side alone: there all of them do. */
function fieldsCell(item: ComparedItem) {
  if (item.state === 'here' || item.state === 'there' || item.kind === 'setting') return ''
  const names = differing(item).map((f) => fieldName(item, f.name))
  return html`${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? html` <span class="ops-soft">+${names.length - NAMED}</span>` : nothing}`
}
