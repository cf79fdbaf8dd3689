import { nothing, render } from 'lit-html'
import { compareTexts } from '../../lib/format.ts'
import type { Cell, Column } from './types.ts'

/** One row as the table holds it. DataTables keeps this object; only what it points at changes. */
export interface Entry<Row> {
  readonly key: string
  row: Row
  /** Place in the order in which rows were given. */
  rank: number
  /** What the search box sees of the row; made when somebody searches. */
  text?: string | undefined
  /** What its cells show; behind `row` while the row is on another page. */
  drawn?: Row
}

const shown = new WeakMap<Node, Node>()

/** Draws a cell's content, touching the document only where it differs. Text can't become an element. */
export function drawCell(cell: HTMLElement, content: Cell): void {
  if (content instanceof Node) {
    if (shown.get(cell)?.isEqualNode(content)) return
    // A fragment is empty once it is in the document, so a copy is kept to compare with.
    shown.set(cell, content.cloneNode(true))
    render(content, cell)
    return
  }
  if (shown.delete(cell)) render(nothing, cell)
  render(content, cell)
}

/** What a column shows of a row. */
export function cellOf<Row>(column: Column<Row>, row: Row): Cell {
  if (column.cell) return column.cell(row)
  const value = column.value(row)
  return value === null ? '' : String(value)
}

/** What the search box sees of a row: every searchable column's text, lower case. */
export function searchTextOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns
    .map((c) => (c.search ? c.search(row) : String(c.value(row) ?? '')))
    .join('\n')
    .toLocaleLowerCase()
}

/**
 * Orders column values: numbers by size, text as the language does. Missing values come last in both directions, so the
 * direction is applied here.
 */
export function compareValues(a: unknown, b: unknown, direction: 1 | -1): number {
  const missing = (v: unknown) => v === null || v === undefined || v === ''
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b))
  if (typeof a === 'number' && typeof b === 'number') return direction * (a - b)
  return direction * compareTexts(String(a), String(b))
}
