import { render } from 'lit-html'
import { count } from '../lib/format.ts'
import { t } from '../text/text.ts'
import { type FaceContent, face as faceTemplate } from './face.ts'
import { columnChoices, createTopBar, drawBottomBar, type Turn } from './table/bar.ts'
import { createEngine } from './table/engine.ts'
import { bodyRows, rowKeys } from './table/keyboard.ts'
import { recall, remember } from './table/memory.ts'
import { cellOf, drawCell, type Entry, searchTextOf } from './table/rows.ts'
import { createSelection } from './table/selection.ts'
import type { Column, KeysetPlace, Table, TableOptions } from './table/types.ts'

export type { Cell, Column, Keyset, KeysetPlace, Table, TableOptions } from './table/types.ts'

const PAGE_LENGTH = 50

/** Puts a table into the host. It is gone when the signal aborts. */
export function createTable<Row>(host: HTMLElement, signal: AbortSignal, options: TableOptions<Row>): Table<Row> {
  const remembered = options.memory ?? options.id
  const memory = recall(remembered)
  const keyset = options.keyset
  const entries = new Map<string, Entry<Row>>()
  let query = keyset || options.plain ? '' : (memory.search ?? '')
  let place: KeysetPlace = { hasPrevious: false, hasNext: false }
  let held: readonly Row[] | undefined
  let cover: FaceContent | null = null
  // DataTables draws once while it is made.
  let made = false
  let drawn = false

  const { root, table, scroll, faceHost, bottom } = skeleton(options)
  const selection = createSelection(options, () => engine.entriesOnPage().map((e) => e.key))
  const columns: readonly Column<Row>[] = selection ? [selection.column, ...options.columns] : options.columns
  const head = table.createTHead().insertRow()
  for (const column of [undefined, ...columns]) {
    const th = document.createElement('th')
    th.scope = 'col'
    // The boxes that select rows need no word above them to be understood, unless one can't see them.
    const title = column?.key === '' ? document.createElement('span') : th
    title.textContent = column?.title ?? ''
    if (title !== th) {
      title.className = 'visually-hidden'
      th.append(title)
    }
    head.append(th)
  }
  const visible = (c: Column<Row>) => c.pinned === true || (memory.columns?.[c.key] ?? c.hidden !== true)

  const engine = createEngine<Row>({
    table,
    columns,
    paged: !keyset && !options.plain,
    sortable: !keyset,
    pageLength: memory.pageLength ?? options.pageLength ?? PAGE_LENGTH,
    page: memory.page ?? 0,
    order: firstOrder(),
    visible,
    matches,
    drawRow,
    beforeDraw: () => !made || pageChanged(),
    afterDraw: () => {
      drawn = true
      if (made) drawBars()
    },
  })
  const { api } = engine
  const top = createTopBar(options.id, options.tools ?? [], {
    search: (text) => {
      query = text
      redraw(false)
      keep()
    },
    showWaiting: () => apply(held ?? []),
    toggle: (key, on) => toggle({ [key]: on }),
  })
  if (!options.plain || options.tools) root.prepend(top.element)
  host.append(root)
  api.on('order', keep)
  rowKeys(table, signal, (key) => {
    const entry = entries.get(key)
    if (entry) options.open?.(entry.row)
  })
  document.addEventListener('selectionchange', () => held && !busy() && apply(held), { signal })
  signal.addEventListener('abort', () => {
    engine.destroy()
    root.remove()
  })
  made = true
  drawBars()

  function toggle(wanted: Readonly<Record<string, boolean>>): void {
    for (const c of options.columns) {
      const on = Object.hasOwn(wanted, c.key) ? wanted[c.key] : undefined
      if (on === undefined || c.pinned || on === visible(c)) continue
      memory.columns = { ...memory.columns, [c.key]: on }
      api.column(engine.indexOf(c.key)).visible(on, false)
    }
    drawBars()
    keep()
  }

  function busy(): boolean {
    return selecting(scroll) || options.busy?.() === true
  }

  function firstOrder(): readonly [number, 'asc' | 'desc'] {
    const wanted = keyset ? undefined : (memory.order ?? options.order)
    const index = wanted ? columns.findIndex((c) => c.key === wanted[0]) + 1 : 0
    return index > 0 && wanted ? [index, wanted[1]] : [0, 'asc']
  }

  function matches(entry: Entry<Row>): boolean {
    if (query === '') return true
    entry.text ??= searchTextOf(options.columns, entry.row)
    return entry.text.includes(query.toLocaleLowerCase())
  }

  function drawRow(tr: HTMLTableRowElement, entry: Entry<Row>, cells: HTMLElement[]): void {
    if (entry.drawn === entry.row) return
    entry.drawn = entry.row
    tr.dataset['key'] = entry.key
    tr.tabIndex = -1
    tr.className = options.rowClass?.(entry.row) ?? ''
    tr.classList.toggle('table-active', selection?.keys().has(entry.key) === true)
    columns.forEach((c, i) => {
      const cell = cells[i + 1]
      if (cell) drawCell(cell, cellOf(c, entry.row))
    })
  }

  /** Whether the page's rows differ from the ones in the document. If not, moving nodes would only cost focus and time. */
  function pageChanged(): boolean {
    const wanted = engine.entriesOnPage().map((e) => e.key)
    const there = bodyRows(table).map((r) => r.dataset['key'])
    return wanted.length === 0 || wanted.length !== there.length || wanted.some((key, i) => key !== there[i])
  }

  /** Orders, searches and pages again. Where that moves rows, the scroll and the keyboard stay on what they were on. */
  function redraw(keepPage: boolean): void {
    const focused = table.contains(document.activeElement) ? document.activeElement : null
    const { scrollTop, scrollLeft } = scroll
    drawn = false
    engine.draw(keepPage)
    if (drawn && keepPage) {
      scroll.scrollTo(scrollLeft, scrollTop)
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true })
    }
    drawBars()
  }

  function keep(): void {
    const [order] = api.order() as unknown as [number, 'asc' | 'desc'][]
    const column = order && columns[order[0] - 1]
    if (column && order) memory.order = [column.key, order[1] === 'desc' ? 'desc' : 'asc']
    memory.pageLength = api.page.len()
    memory.search = query
    memory.page = api.page()
    remember(remembered, memory)
  }

  function drawBars(): void {
    top.draw({
      search: keyset || options.plain ? null : query,
      waiting: held ? waitingWords(held) : '',
      columns: columnChoices(options.columns, visible),
    })
    const info = api.page.info()
    const found = info.recordsDisplay
    const all = info.recordsTotal
    const note = found === all ? t('table.rows', { n: all }) : t('table.found', { n: found, all: count(all) })
    bottom.hidden = options.plain === true
    drawBottomBar(
      bottom,
      keyset
        ? { note: place.note ?? '', keyset: place }
        : { note, page: { index: info.page, pages: info.pages, length: info.length } },
      turn,
      (n) => {
        api.page.len(n)
        redraw(false)
        keep()
      },
    )
    const empty = !cover && found === 0
    table.classList.toggle('ops-table-empty', empty)
    const content = cover ?? (all === 0 ? options.empty : { kind: 'empty' as const, title: t('table.noMatch') })
    faceHost.hidden = !cover && !empty
    render(faceHost.hidden ? '' : faceTemplate(content), faceHost)
    root.toggleAttribute('data-covered', cover !== null)
    root.setAttribute('aria-busy', String(cover?.kind === 'loading'))
  }

  function turn(to: Turn): void {
    if (keyset) {
      if (to !== 'last') keyset[to]()
    } else {
      api.page(to).draw('page')
      keep()
    }
    scroll.scrollTop = 0
  }

  function difference(rows: readonly Row[]): { added: number; gone: number } {
    const keys = new Set(rows.map(options.key))
    const gone = [...entries.keys()].filter((k) => !keys.has(k)).length
    return { added: [...keys].filter((k) => !entries.has(k)).length, gone }
  }

  function differs(rows: readonly Row[]): boolean {
    const { added, gone } = difference(rows)
    return added + gone > 0
  }

  /** What is held back, in words. On a page of a server's, each new row pushes an old one out: only new ones count. */
  function waitingWords(rows: readonly Row[]): string {
    const { added, gone } = difference(rows)
    return keyset && added > 0 ? t('table.waitingNew', { n: added }) : t('table.waiting', { n: added + gone })
  }

  /** Takes over the new state of rows that stay, and patches those in sight. */
  function patch(rows: readonly Row[]): void {
    for (const row of rows) {
      const entry = entries.get(options.key(row))
      if (!entry || entry.row === row) continue
      entry.row = row
      entry.text = undefined
    }
    engine.patchPage()
  }

  function apply(rows: readonly Row[]): void {
    held = undefined
    patch(rows)
    const keys = new Set(rows.map(options.key))
    const gone = [...entries.keys()].filter((k) => !keys.has(k))
    for (const key of gone) entries.delete(key)
    if (gone.length > 0) api.rows((_: number, e: unknown) => !keys.has((e as Entry<Row>).key)).remove()
    const added: Entry<Row>[] = []
    rows.forEach((row, rank) => {
      const key = options.key(row)
      const entry = entries.get(key)
      if (entry) entry.rank = rank
      else {
        const fresh: Entry<Row> = { key, row, rank }
        entries.set(key, fresh)
        added.push(fresh)
      }
    })
    if (added.length > 0) api.rows.add(added)
    selection?.retain(keys)
    redraw(true)
    selection?.draw(table)
  }

  return {
    element: root,
    update(rows, at) {
      if (at) place = at
      cover = null
      if (busy() && differs(rows)) {
        held = rows
        patch(rows)
        drawBars()
      } else apply(rows)
    },
    face(content) {
      cover = content
      drawBars()
    },
    columns: () => Object.fromEntries(options.columns.filter((c) => !c.pinned).map((c) => [c.key, visible(c)])),
    showColumns: toggle,
    selected: () => selection?.keys() ?? new Set(),
    select: (keys) => {
      selection?.set(keys)
      selection?.draw(table)
    },
    focus: () => bodyRows(table)[0]?.focus(),
  }
}

/** Whether the operator has marked text inside an element. */
function selecting(element: HTMLElement): boolean {
  const marked = document.getSelection()
  return marked !== null && !marked.isCollapsed && element.contains(marked.anchorNode)
}

function skeleton<Row>(options: TableOptions<Row>) {
  const make = (tag: 'div' | 'table', className: string) => {
    const element = document.createElement(tag)
    element.className = className
    return element
  }
  const root = make('div', options.fill ? 'ops-table ops-table-fill' : 'ops-table')
  const scroll = make('div', 'ops-table-scroll')
  scroll.tabIndex = 0
  scroll.setAttribute('role', 'region')
  scroll.setAttribute('aria-label', options.label)
  const table = make('table', 'table table-sm table-hover') as HTMLTableElement
  table.id = options.id
  table.setAttribute('aria-label', options.label)
  const faceHost = make('div', 'ops-table-face')
  const bottom = make('div', 'ops-table-foot')
  scroll.append(table, faceHost)
  root.append(scroll, bottom)
  return { root, table, scroll, faceHost, bottom }
}
