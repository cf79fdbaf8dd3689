import { html } from 'lit-html'
import { type EventFilterRequest, listEvents } from '../api/events.ts'
import { listJobs } from '../api/jobs.ts'
import { onSession } from '../api/session.ts'
import { parseTime } from '../lib/format.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import type { Page } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { type EventRow, eventColumns } from './events/columns.ts'
import { showEvent } from './events/dialog.ts'
import { eventActions } from './events/ingest.ts'
import { createChronicle } from './lists/chronicle.ts'
import { type Filter, type FilterField, rangeOf } from './lists/filters.ts'

const SIZE = 50

/** What happened outside of the cluster, newest first, and the runs that it made. */
export const eventsPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('events.title'), { lead: t('events.lead'), fill: true })
  const list = createChronicle<EventRow>(frame.body, signal, query, {
    name: 'events',
    label: t('events.table'),
    fields: eventFields(),
    columns: eventColumns,
    id: ({ event: { id } }) => id,
    opened: 'event',
    show: (id, onClose) => showEvent(signal, id, onClose),
    async read(filter, cursor) {
      const page = await listEvents(eventRequest(filter, nowShown()), cursor, SIZE)
      const now = parseTime(page.asOf) ?? nowShown()
      const reached = page.reached === '' ? '' : t('events.event', { id: page.reached })
      return { ...page, rows: page.events.map((e) => ({ event: e, now })), reached }
    },
    empty: { kind: 'empty', title: t('events.empty'), text: t('events.empty.text') },
  })
  let types: readonly string[] = []
  const drawActions = () => frame.actions(html`${buttons(eventActions(signal, () => types, list.newest))}`)
  // Jobs say which types they wait for; that is what can be suggested without looking through all events.
  latest(signal, listJobs, {
    done: ({ jobs }) => {
      types = [...new Set(jobs.flatMap((j) => j.scheduleShape.eventTypes))].sort()
      list.bar.offer(
        'type',
        types.map((value) => ({ value, label: value })),
      )
    },
    failed: () => undefined,
  })()
  onSession(signal, drawActions)
  drawActions()
  list.begin()
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
