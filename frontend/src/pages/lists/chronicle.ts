import { type Failure, failureText } from '../../lib/failure.ts'
import { replaceQuery } from '../../lib/router.ts'
import type { FaceContent } from '../../ui/face.ts'
import type { Column } from '../../ui/table.ts'
import { createFilters, type Filter, type FilterField, type Filters, filterOf } from './filters.ts'
import { createPaged, type Paged } from './paged.ts'

/** How often the newest rows are read, in milliseconds, as the backend's clock has it. */
const EVERY = 8000

export interface ChronicleOptions<Row> {
  /** What it is a list of: its topic, and the beginning of its ids. */
  name: string
  label: string
  fields: readonly FilterField[]
  columns(open: (id: string) => void): readonly Column<Row>[]
  id(row: Row): string
  /** The address's word for the row that stands open. */
  opened: string
  /** Opens a dialog with one of them. */
  show(id: string, onClose: () => void): void
  read(filter: Filter, cursor: string): Promise<Paged<Row>>
  empty: FaceContent
}

export interface Chronicle {
  readonly bar: Filters
  filter(): Filter
  open(id: string): void
  /** Reads the newest page, and opens what the address says stands open. */
  begin(): void
  /** Reads the newest page again. */
  newest(): void
}

/** What was written down, newest first: filter, place and the entry that stands open are in the address. */
export function createChronicle<Row>(
  host: HTMLElement,
  signal: AbortSignal,
  query: URLSearchParams,
  options: ChronicleOptions<Row>,
): Chronicle {
  let filter = filterOf(query, options.fields)
  let cursor = query.get('cursor') ?? ''
  let opened = query.get(options.opened) ?? ''

  const address = () =>
    replaceQuery(
      new URLSearchParams({ ...filter, ...(cursor && { cursor }), ...(opened && { [options.opened]: opened }) }),
    )
  const open = (id: string) => {
    opened = id
    address()
    options.show(id, () => {
      opened = ''
      if (!signal.aborted) address()
    })
  }
  const apply = (next: Filter) => {
    filter = next
    list.go('')
  }
  const bar = createFilters(signal, `${options.name}-filter`, options.fields, filter, apply)
  host.append(bar.element)
  const list = createPaged<Row>(host, signal, {
    id: `ops-${options.name}`,
    label: options.label,
    columns: options.columns(open),
    key: options.id,
    open: (row) => open(options.id(row)),
    topic: options.name,
    every: EVERY,
    read: (at) => options.read(filter, at),
    moved(to) {
      cursor = to
      address()
    },
    filtered: () => Object.keys(filter).length > 0,
    clear() {
      bar.show({})
      apply({})
    },
    refuse(failure) {
      const field = fieldOf(failure)
      if (field) bar.refuse(field, failureText(failure))
      return field !== undefined
    },
    lastTyped: bar.lastTyped,
    empty: options.empty,
  })
  return {
    bar,
    filter: () => filter,
    open,
    begin() {
      list.go(cursor)
      if (opened !== '') open(opened)
    },
    newest: () => list.go(''),
  }
}

/** The field that a refused filter should be corrected at; undefined when it is none of them. */
function fieldOf(failure: Failure): string | undefined {
  const fields: Readonly<Record<string, string>> = {
    'list.long_text': 'text',
    'list.empty_range': 'before',
    'request.bad_time': 'before',
  }
  return Object.hasOwn(fields, failure.reason) ? fields[failure.reason] : undefined
}
