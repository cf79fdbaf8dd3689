import { type Failure, failureText } from '../../lib/failure.ts'
import { count, parseTime } from '../../lib/format.ts'
import { readAt, readFailed } from '../../lib/freshness.ts'
import { latest } from '../../lib/latest.ts'
import { onChange } from '../../lib/live.ts'
import { nowShown } from '../../lib/moment.ts'
import { t } from '../../text/text.ts'
import { type FaceContent, failureFace, loadingFace } from '../../ui/face.ts'
import { type Column, createTable, type Table } from '../../ui/table.ts'

/** A page of a list that a server gives by keyset. */
export interface Paged<Row> {
  rows: readonly Row[]
  older: string
  newer: string
  /** How far a search came that took too long, in words; "" when everything was looked at. */
  reached: string
  asOf: string
}

export interface PagedOptions<Row> {
  id: string
  label: string
  columns: readonly Column<Row>[]
  key(row: Row): string
  open(row: Row): void
  rowClass?(row: Row): string
  /** The topic that says when to read the newest page again, and how often it does, in milliseconds. */
  topic: string
  every: number
  read(cursor: string): Promise<Paged<Row>>
  /** The place went elsewhere: for the address. */
  moved(cursor: string): void
  /** Whether the list is narrowed, and how to take the filters away. */
  filtered(): boolean
  clear(): void
  /** Shows a refused filter at its field; false where it has none. */
  refuse(failure: Failure): boolean
  lastTyped(): number
  tools?: readonly Node[]
  empty: FaceContent
}

export interface PagedList {
  /** Reads the page at a cursor; "" = the newest. */
  go(cursor: string): void
}

/** How long after a key stroke rows stay where they are, in milliseconds. */
const TYPING = 3000

/**
 * A list that comes a page at a time from the server, newest first. The newest page is live; older ones don't change. A
 * search that the server stopped says how far it came, and goes on with the next page.
 */
export function createPaged<Row>(host: HTMLElement, signal: AbortSignal, options: PagedOptions<Row>): PagedList {
  let cursor = ''
  let page: Paged<Row> | undefined
  /** Counts what was asked for, so that an answer to an earlier question is recognised. */
  let asked = 0
  let answered = 0

  const table: Table<Row> = createTable<Row>(host, signal, {
    id: options.id,
    label: options.label,
    columns: options.columns,
    key: options.key,
    open: options.open,
    ...(options.rowClass ? { rowClass: options.rowClass } : {}),
    keyset: {
      first: () => go(''),
      previous: () => page && go(page.newer),
      next: () => page && go(page.older),
    },
    busy: () => answered === asked && (scrolled() || performance.now() - options.lastTyped() < TYPING),
    ...(options.tools ? { tools: options.tools } : {}),
    fill: true,
    empty: options.empty,
  })
  const scroller = () => table.element.querySelector('.ops-table-scroll')
  const scrolled = () => (scroller()?.scrollTop ?? 0) > 0

  const read = latest(
    signal,
    async () => {
      const serial = asked
      return { serial, next: await options.read(cursor) }
    },
    {
      done({ serial, next }) {
        if (serial === asked) show(next)
      },
      failed: refused,
    },
  )

  function show(next: Paged<Row>): void {
    const fresh = answered !== asked
    page = next
    answered = asked
    table.update(next.rows, {
      hasPrevious: next.newer !== '',
      hasNext: next.older !== '',
      note: next.reached === '' ? t('list.rows', { n: next.rows.length }) : stopped(next),
    })
    if (next.rows.length === 0) table.face(emptyFace(next))
    readAt(parseTime(next.asOf) ?? nowShown(), cursor === '' ? options.every : Number.POSITIVE_INFINITY)
    if (fresh) scroller()?.scrollTo(0, 0)
    // Paging towards newer rows ends at the newest, which are live.
    if (fresh && cursor !== '' && next.newer === '' && next.rows.length > 0) go('')
  }

  function stopped(next: Paged<Row>): string {
    return t('list.stopped', { rows: count(next.rows.length), place: next.reached })
  }

  function emptyFace(next: Paged<Row>): FaceContent {
    if (next.reached !== '') {
      const action = { label: t('list.goOn'), run: () => go(next.older || next.newer) }
      return { kind: 'empty', title: t('list.notYet'), text: t('list.notYet.text', { place: next.reached }), action }
    }
    if (cursor !== '') {
      return { kind: 'empty', title: t('list.noMore'), action: { label: t('list.newest'), run: () => go('') } }
    }
    if (!options.filtered()) return options.empty
    return {
      kind: 'empty',
      title: t('list.noMatch'),
      action: { label: t('runs.filters.clear'), run: options.clear },
    }
  }

  function refused(failure: Failure): void {
    if (answered === asked) {
      readFailed(failure)
      return
    }
    if (options.refuse(failure)) {
      table.face({ kind: 'failed', title: t('runs.filters.refused'), text: failureText(failure) })
      readAt(nowShown(), Number.POSITIVE_INFINITY) // an answer, if not the wished one
    } else if (failure.reason === 'list.bad_cursor') {
      table.face({
        kind: 'failed',
        title: failureText(failure),
        action: { label: t('list.newest'), run: () => go('') },
      })
      readAt(nowShown(), Number.POSITIVE_INFINITY)
    } else {
      readFailed(failure)
      table.face(failureFace(failure, read))
    }
  }

  function go(to: string): void {
    cursor = to
    asked++
    options.moved(to)
    if (!page) table.face(loadingFace())
    read()
  }

  onChange(options.topic, signal, () => (cursor === '' || answered !== asked) && read())
  return { go }
}
