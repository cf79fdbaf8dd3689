import { html } from 'lit-html'
import { type EventFilterRequest, listEvents } from '../api/events.ts'
import { listJobs } from '../api/jobs.ts'
import { onSession } from '../api/session.ts'
import { failureText } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import { type Page, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { listFieldOf } from './audit/filter.ts'
import { type EventRow, eventColumns } from './events/columns.ts'
import { showEvent } from './events/dialog.ts'
import { eventActions } from './events/ingest.ts'
import { createFilters, type Filter, type FilterField, filterOf, rangeOf } from './lists/filters.ts'
import { createPaged } from './lists/paged.ts'

/** How often the newest events are read, in milliseconds, as the backend's clock has it. */
const EVERY = 8000
const SIZE = 50

/** What happened outside of the cluster, newest first, and the runs that it made. */
export const eventsPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('events.title'), { lead: t('events.lead'), fill: true })
  const fields = eventFields()
  let filter = filterOf(query, fields)
  let cursor = query.get('cursor') ?? ''
  let event = query.get('event') ?? ''

  const address = () =>
    replaceQuery(new URLSearchParams({ ...filter, ...(cursor && { cursor }), ...(event && { event }) }))
  const open = (id: string) => {
    event = id
    address()
    showEvent(signal, id, () => {
      event = ''
      if (!signal.aborted) address()
    })
  }
  const apply = (next: Filter) => {
    filter = next
    list.go('')
  }
  let types: readonly string[] = []
  const drawActions = () =>
    frame.actions(
      html`${buttons(
        eventActions(
          signal,
          () => types,
          () => list.go(''),
        ),
      )}`,
    )
  const bar = createFilters(signal, 'events-filter', fields, filter, apply)
  frame.body.append(bar.element)
  const list = createPaged<EventRow>(frame.body, signal, {
    id: 'ops-events',
    label: t('events.table'),
    columns: eventColumns(open),
    key: ({ event: { id } }) => id,
    open: ({ event: { id } }) => open(id),
    topic: 'events',
    every: EVERY,
    async read(at) {
      const page = await listEvents(eventRequest(filter, nowShown()), at, SIZE)
      const now = parseTime(page.asOf) ?? nowShown()
      const reached = page.reached === '' ? '' : t('events.event', { id: page.reached })
      return { ...page, rows: page.events.map((e) => ({ event: e, now })), reached }
    },
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
      const field = listFieldOf(failure)
      if (field) bar.refuse(field, failureText(failure))
      return field !== undefined
    },
    lastTyped: bar.lastTyped,
    empty: { kind: 'empty', title: t('events.empty'), text: t('events.empty.text') },
  })
  // Jobs say which types they wait for; that is what can be suggested without looking through all events.
  latest(signal, listJobs, {
    done: ({ jobs }) => {
      types = [...new Set(jobs.flatMap((j) => j.scheduleShape.eventTypes))].sort()
      bar.offer(
        'type',
        types.map((value) => ({ value, label: value })),
      )
    },
    failed: () => undefined,
  })()
  onSession(signal, drawActions)
  drawActions()
  list.go(cursor)
  if (event !== '') open(event)
}

function eventFields(): FilterField[] {
  return [
    { kind: 'text', name: 'type', label: t('events.column.type') },
    {
      kind: 'select',
      name: 'processed',
      label: t('events.column.processed'),
      any: t('events.filter.any'),
      choices: [
        { value: 'yes', label: t('events.processed') },
        { value: 'no', label: t('events.waiting') },
      ],
    },
    { kind: 'range', label: t('events.column.created') },
    { kind: 'text', name: 'dedupe', label: t('events.column.dedupe') },
    { kind: 'text', name: 'text', label: t('events.filter.text'), search: true },
  ]
}

function eventRequest(filter: Filter, now: Date): EventFilterRequest {
  const processed = filter['processed'] ?? ''
  return {
    ...rangeOf(filter, now),
    type: filter['type'] ?? '',
    dedupeKey: filter['dedupe'] ?? '',
    processed: processed === 'yes' || processed === 'no' ? processed : '',
    text: filter['text'] ?? '',
  }
}
