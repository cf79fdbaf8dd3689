import DataTable, { type Api } from 'datatables.net-bs5'
import { t } from '../../text/text.ts'
import { bodyRows } from './keyboard.ts'
import { compareValues, type Entry } from './rows.ts'
import type { Column } from './types.ts'

/**
 * DataTables, told to do only what it does well here: order, page and show rows. It never sees a foreign text (it would
 * parse it as HTML): cells are drawn by us, values reach it through `ext.order`, and searching is a predicate of ours.
 */
const VALUE = 'ops-value'

const columnsOf = new WeakMap<HTMLElement, readonly Column<unknown>[]>()

DataTable.ext.order[VALUE] = (settings: { table: HTMLElement }, column: number) => {
  const values: unknown[] = []
  const source = columnsOf.get(settings.table)?.[column - 1]
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's types leave the settings object open
  const rows = new DataTable.Api(settings as any).rows()
  const indexes = rows.indexes().toArray() as number[]
  const entries = rows.data().toArray() as Entry<unknown>[]
  for (const [i, entry] of entries.entries()) {
    values[indexes[i] ?? 0] = source ? source.value(entry.row) : entry.rank
  }
  return values
}
DataTable.ext.type.order[`${VALUE}-asc`] = (a: unknown, b: unknown) => compareValues(a, b, 1)
DataTable.ext.type.order[`${VALUE}-desc`] = (a: unknown, b: unknown) => compareValues(a, b, -1)
// A broken table must not open a dialog over the operator's work.
DataTable.ext.errMode = 'throw'

/** What the factory asks of DataTables. Column 0 is the hidden rank; the caller's columns follow. */
export interface Engine<Row> {
  readonly api: Api
  indexOf(columnKey: string): number
  entriesOnPage(): Entry<Row>[]
  /** Orders, searches and pages again; keeps the page if told so. */
  draw(keepPage: boolean): void
  /** Draws the rows of the page again where they stand. */
  patchPage(): void
  destroy(): void
}

export interface EngineOptions<Row> {
  table: HTMLTableElement
  columns: readonly Column<Row>[]
  paged: boolean
  sortable: boolean
  pageLength: number
  page: number
  order: readonly [number, 'asc' | 'desc']
  visible(column: Column<Row>): boolean
  matches(entry: Entry<Row>): boolean
  drawRow(tr: HTMLTableRowElement, entry: Entry<Row>, cells: HTMLElement[]): void
  /** Called before rows are put into the document; false leaves the document as it is. */
  beforeDraw(): boolean
  afterDraw(): void
}

export function createEngine<Row>(options: EngineOptions<Row>): Engine<Row> {
  const { columns } = options
  columnsOf.set(options.table, columns as readonly Column<unknown>[])
  const cells = new WeakMap<HTMLElement, HTMLElement[]>()
  const api: Api = new DataTable(options.table, {
    autoWidth: false,
    deferRender: true,
    layout: { topStart: null, topEnd: null, bottomStart: null, bottomEnd: null },
    paging: options.paged,
    pageLength: options.pageLength,
    displayStart: options.page * options.pageLength,
    searching: true,
    order: [[options.order[0], options.order[1]]],
    orderMulti: true,
    language: {
      emptyTable: '',
      zeroRecords: '',
      aria: {
        orderable: t('table.sort'),
        orderableReverse: t('table.sortReverse'),
        orderableRemove: t('table.sortRemove'),
      },
    },
    preDrawCallback: options.beforeDraw,
    drawCallback: options.afterDraw,
    createdRow: (tr: Node, _data: unknown, _index: number, tds: Node[]) => {
      cells.set(tr as HTMLElement, tds as HTMLElement[])
    },
    rowCallback: (tr: Node, data: unknown) => {
      options.drawRow(tr as HTMLTableRowElement, data as Entry<Row>, cells.get(tr as HTMLElement) ?? [])
    },
    columns: [
      { data: null, render: () => '', visible: false, orderDataType: VALUE, type: VALUE },
      ...columns.map((c) => ({
        data: null,
        render: () => '',
        name: c.key,
        orderDataType: VALUE,
        type: VALUE,
        searchable: false,
        orderable: options.sortable && c.sortable !== false,
        visible: options.visible(c),
        className: [`text-${c.align ?? 'start'}`, c.className ?? ''].join(' ').trim(),
      })),
    ],
  })
  api.search.fixed('ops', (_text: string | null, data: unknown) => options.matches(data as Entry<Row>))
  return {
    api,
    indexOf: (key) => columns.findIndex((c) => c.key === key) + 1,
    entriesOnPage: () => api.rows({ page: 'current' }).data().toArray() as Entry<Row>[],
    draw: (keepPage) => {
      api.draw(keepPage ? 'full-hold' : 'full-reset')
      // Each call waits for its draw with a listener, also where beforeDraw said no.
      api.off('draw')
    },
    patchPage: () => {
      for (const tr of bodyRows(options.table)) {
        const entry = api.row(tr).data() as Entry<Row> | undefined
        if (entry) options.drawRow(tr, entry, cells.get(tr) ?? [])
      }
    },
    destroy: () => {
      // DataTables keeps every listener in a list of its own; one that is left there keeps the whole table in memory. It
      // takes its own away, but for those of heads that are not in the document: hence not destroy(true).
      api.off('order').off('draw')
      api.destroy()
    },
  }
}
