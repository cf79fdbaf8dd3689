import { html, nothing, type TemplateResult } from 'lit-html'
import type { ClusterEvent } from '../../api/events.ts'
import { duration, parseTime } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { runLink } from '../../ui/routes.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, none } from '../../ui/text.ts'
import { detailCell } from '../audit/columns.ts'
import { shortTime, zoned } from '../runs/times.ts'

/** A line of the list: an event as it was at `now`. */
export interface EventRow {
  event: ClusterEvent
  now: Date
}

/** How many of an event's runs a line shows. */
const SHOWN = 3

/** The columns of the list; made anew for each page, because titles follow the language. */
export function eventColumns(open: (id: string) => void): Column<EventRow>[] {
  return [
    {
      key: 'id',
      title: t('events.column.id'),
      pinned: true,
      align: 'end',
      value: ({ event }) => event.id,
      cell: ({ event }) =>
        html`<button
          type="button"
          class="btn btn-link ops-open"
          title=${t('events.event', { id: visible(event.id) })}
          @click=${() => open(event.id)}
        >
          ${foreign(event.id, { max: 40 })}
        </button>`,
    },
    {
      key: 'created',
      title: zoned(t('events.column.created')),
      pinned: true,
      value: ({ event }) => event.createdAt,
      cell: ({ event, now }) => shortTime(event.createdAt, now),
    },
    {
      key: 'type',
      title: t('events.column.type'),
      value: ({ event }) => event.type,
      cell: ({ event }) => html`<span class="ops-mono ops-event-type">${foreign(event.type, { max: 60 })}</span>`,
    },
    {
      key: 'processed',
      title: t('events.column.processed'),
      value: ({ event }) => event.processedAt,
      cell: ({ event }) => processedBadge(event),
    },
    {
      key: 'runs',
      title: t('events.column.runs'),
      className: 'ops-cell-runs',
      value: ({ event }) => event.runs.length,
      cell: ({ event }) => runsCell(event),
    },
    {
      key: 'payload',
      title: t('events.column.payload'),
      className: 'ops-cell-detail',
      value: ({ event }) => event.payload,
      cell: ({ event }) => detailCell(event.payload, event.size),
    },
    {
      key: 'dedupe',
      title: t('events.column.dedupe'),
      value: ({ event }) => event.dedupeKey,
      cell: ({ event }) =>
        event.dedupeKey === '' ? none() : html`<span class="ops-mono">${foreign(event.dedupeKey, { max: 40 })}</span>`,
    },
  ]
}

/** Whether a scheduler has taken the event in, and how long after it came. */
export function processedBadge(event: ClusterEvent): TemplateResult {
  const created = parseTime(event.createdAt)
  const processed = parseTime(event.processedAt)
  if (!processed) {
    return html`<span class="ops-badge ops-run-pending"
      ><i class="bi bi-hourglass-split" aria-hidden="true"></i>${t('events.waiting')}</span
    >`
  }
  const took = created ? processed.getTime() - created.getTime() : 0
  return html`<span class="ops-badge ops-flag-yes"
    ><i class="bi bi-check-lg" aria-hidden="true"></i>${t('events.processed')}</span
  >${took > 0 ? html` <span class="ops-soft">${t('events.after', { span: duration(took) })}</span>` : nothing}`
}

function runsCell(event: ClusterEvent): TemplateResult {
  if (event.runs.length === 0) return html`<span class="ops-soft">${t('events.noRuns')}</span>`
  const more = event.runs.length - SHOWN
  return html`${event.runs.slice(0, SHOWN).map((run) => runMark(run))}${
    more > 0 ? html`<span class="ops-soft">${t('events.moreRuns', { n: more })}</span>` : nothing
  }`
}

/** A run that an event made: its state and the way to it. */
export function runMark(run: ClusterEvent['runs'][number]): TemplateResult {
  return html`<span class="ops-event-run" title=${visible(run.jobName)}>${runState(run.state)} ${runLink(run.id)}</span>`
}
