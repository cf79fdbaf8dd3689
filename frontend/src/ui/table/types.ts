import type { TemplateResult } from 'lit-html'
import type { FaceContent } from '../face.ts'

/** What a cell shows: text, a node, or a lit template. There is no way to hand in HTML. */
export type Cell = string | Node | TemplateResult

/** One column. `value` sorts and, as text, is searched; `cell` is what is shown (by default the value as text). */
export interface Column<Row> {
  key: string
  title: string
  value(row: Row): string | number | null
  cell?(row: Row): Cell
  /** What the search box looks at, when it is not the value. */
  search?(row: Row): string
  align?: 'start' | 'end' | 'center'
  /** Set on every cell, such as "ops-mono". */
  className?: string
  /** Hidden until the operator chooses it. */
  hidden?: boolean
  /** The operator can't hide it: the row would lose its name. */
  pinned?: boolean
  sortable?: boolean
}

/** Pages that a server gives by keyset: the newest page and its neighbours, never a page number. */
export interface Keyset {
  first(): void
  previous(): void
  next(): void
}

/** Where a keyset page stands. `note` says what is known of the total, such as "10,000+". */
export interface KeysetPlace {
  hasPrevious: boolean
  hasNext: boolean
  note?: string
}

export interface TableOptions<Row> {
  /** Names what is remembered of this table; stable across versions. */
  id: string
  /** What is remembered is kept under this name instead, such as one that holds the environment's id. */
  memory?: string
  /** The accessible name. */
  label: string
  columns: readonly Column<Row>[]
  key(row: Row): string
  /** Enter or a double click on a row. */
  open?(row: Row): void
  /** Extra classes of the row, such as "ops-row-silent". */
  rowClass?(row: Row): string
  /** Adds checkboxes; told the selected keys after each change. */
  onSelect?(keys: ReadonlySet<string>): void
  /** The first order of a table that the browser sorts; the operator's choice is remembered. */
  order?: readonly [column: string, direction: 'asc' | 'desc']
  /** Rows a page of a table that the browser pages; the operator's choice is remembered. */
  pageLength?: number
  /** Rows come a page at a time in the server's order: no sorting, searching or counting here. */
  keyset?: Keyset
  /** More reasons than marked text not to move rows under the operator's hands, such as a scrolled list. */
  busy?(): boolean
  /** Hides the search box, for small tables inside a screen. */
  plain?: boolean
  /** Grows to the height of its page and scrolls inside. */
  fill?: boolean
  /** Extra controls beside the search box. */
  tools?: readonly Node[]
  /** Shown when there are no rows at all. */
  empty: FaceContent
}

export interface Table<Row> {
  readonly element: HTMLElement
  /**
   * Shows these rows: changed cells are patched where they stand; page, order, search, selection, focus and scroll stay.
   * While the operator selects text in the table, or is busy, rows neither move, come nor go, and a button offers what is new.
   */
  update(rows: readonly Row[], place?: KeysetPlace): void
  /** Covers the rows with a face (loading, refused, unreachable), or uncovers them with null. */
  face(face: FaceContent | null): void
  /** Which columns are shown, by their keys; those that can't be hidden are left out. */
  columns(): Record<string, boolean>
  /** Shows and hides columns; others stay as they are. */
  showColumns(columns: Readonly<Record<string, boolean>>): void
  selected(): ReadonlySet<string>
  select(keys: Iterable<string>): void
  /** Puts the keyboard on the first row. */
  focus(): void
}
