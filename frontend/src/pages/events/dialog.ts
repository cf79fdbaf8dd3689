import { html, type TemplateResult } from 'lit-html'
import { type ClusterEvent, getEvent } from '../../api/events.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { facts } from '../../ui/page.ts'
import { foreign, identifier, none, time } from '../../ui/text.ts'
import { documentView, type ReadDocument, showRead } from '../audit/dialog.ts'
import { processedBadge, runMark } from './columns.ts'

/** One event whole. */
export function eventView(event: ClusterEvent, document: ReadDocument = {}): TemplateResult {
  return html`${facts([
    [t('events.column.type'), identifier(event.type)],
    [t('events.column.created'), time(event.createdAt)],
    [t('events.column.processed'), html`${processedBadge(event)} ${time(event.processedAt)}`],
    [t('events.column.dedupe'), event.dedupeKey === '' ? none() : identifier(event.dedupeKey)],
  ])}
    <h3 class="h6 mt-3">${t('events.column.runs')}</h3>
    ${
      event.runs.length === 0
        ? html`<p class="ops-soft">${t('events.noRuns.why')}</p>`
        : html`<ul class="ops-event-runs">
            ${event.runs.map((run) => html`<li>${runMark(run)} ${foreign(run.jobName, { max: 100 })}</li>`)}
          </ul>`
    }
    <h3 class="h6 mt-3">${t('events.column.payload')}</h3>
    ${documentView(event.payload, event.size, document)}`
}

/** Opens one event, read anew: a list carries only short payloads. */
export function showEvent(signal: AbortSignal, id: string, onClose: () => void): void {
  showRead(signal, {
    title: t('events.event', { id: visible(id) }),
    read: () => getEvent(id),
    view: eventView,
    subject: { of: 'event', id, title: t('reveal.event', { id: visible(id) }) },
    onClose,
  })
}
