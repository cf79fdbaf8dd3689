/** The rows in the document that stand for data. */
export function bodyRows(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...table.querySelectorAll<HTMLTableRowElement>('tbody > tr[data-key]')]
}

/** Rows by keyboard: arrows, Home and End move, Enter opens. Double click opens too. */
export function rowKeys(table: HTMLTableElement, signal: AbortSignal, open: (key: string) => void): void {
  const rowOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLTableRowElement>('tbody tr[data-key]') : null

  table.addEventListener(
    'keydown',
    (event) => {
      const row = rowOf(event.target)
      if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return
      const all = bodyRows(table)
      const at = all.indexOf(row)
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
      if (next !== undefined) {
        all[next]?.focus()
        event.preventDefault()
      } else if (event.key === 'Enter' && row.dataset['key'] !== undefined) {
        open(row.dataset['key'])
        event.preventDefault()
      }
    },
    { signal },
  )
  table.addEventListener(
    'dblclick',
    (event) => {
      const row = rowOf(event.target)
      const control = event.target instanceof Element && event.target.closest('a, button, input, label')
      if (row?.dataset['key'] !== undefined && !control) open(row.dataset['key'])
    },
    { signal },
  )
  // The region around the table is one stop for Tab; ArrowDown leads from it into the rows.
  table.closest('.ops-table-scroll')?.addEventListener(
    'keydown',
    (event) => {
      if (event.target === event.currentTarget && (event as KeyboardEvent).key === 'ArrowDown') {
        bodyRows(table)[0]?.focus()
        event.preventDefault()
      }
    },
    { signal },
  )
}
