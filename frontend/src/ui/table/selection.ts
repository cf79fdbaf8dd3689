import { html } from 'lit-html'
import { t } from '../../text/text.ts'
import type { Column, TableOptions } from './types.ts'

/** Which rows are marked by their checkboxes. Keys that leave the table are no longer selected. */
export interface Selection<Row> {
  readonly column: Column<Row>
  keys(): ReadonlySet<string>
  set(keys: Iterable<string>): void
  retain(known: ReadonlySet<string>): void
  /** Brings the boxes in the document in line with what is selected. */
  draw(table: HTMLTableElement): void
}

export function createSelection<Row>(options: TableOptions<Row>, pageKeys: () => string[]): Selection<Row> | undefined {
  const { onSelect } = options
  if (!onSelect) return undefined
  let selected = new Set<string>()
  let anchor: string | undefined

  function change(next: Set<string>): void {
    selected = next
    onSelect?.(selected)
  }

  function toggle(key: string, event: MouseEvent): void {
    const box = event.currentTarget as HTMLInputElement
    const next = new Set(selected)
    const page = pageKeys()
    const from = anchor === undefined ? -1 : page.indexOf(anchor)
    const to = page.indexOf(key)
    const range = event.shiftKey && from >= 0 ? page.slice(Math.min(from, to), Math.max(from, to) + 1) : [key]
    for (const k of range) {
      if (box.checked) next.add(k)
      else next.delete(k)
    }
    anchor = key
    change(next)
    const table = box.closest('table')
    if (table) draw(table)
  }

  function draw(table: HTMLTableElement): void {
    for (const box of table.querySelectorAll<HTMLInputElement>('input[data-ops-select]')) {
      const on = selected.has(box.dataset['opsSelect'] ?? '')
      box.checked = on
      box.closest('tr')?.classList.toggle('table-active', on)
    }
  }

  return {
    column: {
      key: '',
      title: t('table.selection'),
      sortable: false,
      pinned: true,
      value: () => null,
      search: () => '',
      cell: (row) => {
        const key = options.key(row)
        return html`<input
          type="checkbox"
          class="form-check-input"
          data-ops-select=${key}
          aria-label=${t('table.select', { key })}
          .checked=${selected.has(key)}
          @click=${(event: MouseEvent) => toggle(key, event)}
        />`
      },
    },
    keys: () => selected,
    set: (keys) => change(new Set(keys)),
    retain: (known) => {
      const kept = new Set([...selected].filter((k) => known.has(k)))
      if (kept.size !== selected.size) change(kept)
    },
    draw,
  }
}
