import { html, nothing, type TemplateResult } from 'lit-html'
import type { AuditEntry } from '../../api/audit.ts'
import { bytes } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { jsonLine } from '../../ui/json.ts'
import type { Column } from '../../ui/table.ts'
import { foreign, none, optional } from '../../ui/text.ts'
import { shortTime, zoned } from '../runs/times.ts'
import { actionCell, actionWords } from './action.ts'
import { targetLink } from './links.ts'

/** A line of the audit, as it was at `now`. */
export interface AuditRow {
  entry: AuditEntry
  now: Date
}

/** How much of a detail a line shows. */
const DETAIL = 160

/** The columns of the audit; made anew for each page, because titles follow the language. */
export function auditColumns(open: (id: string) => void): Column<AuditRow>[] {
  return [
    {
      key: 'at',
      title: zoned(t('audit.column.at')),
      pinned: true,
      value: ({ entry }) => entry.at,
      cell: ({ entry, now }) =>
        html`<button
          type="button"
          class="btn btn-link ops-open"
          title=${t('audit.entry', { id: visible(entry.id) })}
          @click=${() => open(entry.id)}
        >
          ${shortTime(entry.at, now)}
        </button>`,
    },
    {
      key: 'actor',
      title: t('audit.column.actor'),
      pinned: true,
      className: 'ops-cell-actor',
      value: ({ entry }) => entry.actor,
      cell: ({ entry }) => actorCell(entry.actor),
    },
    {
      key: 'action',
      title: t('audit.column.action'),
      value: ({ entry }) => actionWords(entry.action),
      cell: ({ entry }) => actionCell(entry.action),
    },
    {
      key: 'target',
      title: t('audit.column.target'),
      className: 'ops-cell-target',
      value: ({ entry }) => entry.target,
      cell: ({ entry }) => targetCell(entry),
    },
    {
      key: 'written',
      title: t('audit.column.written'),
      value: ({ entry }) => entry.written,
      cell: ({ entry }) => writtenCell(entry.written),
    },
    {
      key: 'detail',
      title: t('audit.column.detail'),
      className: 'ops-cell-detail',
      value: ({ entry }) => entry.detail,
      cell: ({ entry }) => gateCell(entry) ?? detailCell(entry.detail, entry.size),
    },
    {
      key: 'id',
      title: t('audit.column.id'),
      align: 'end',
      hidden: true,
      value: ({ entry }) => entry.id,
    },
    {
      key: 'chain',
      title: t('audit.column.chain'),
      align: 'end',
      hidden: true,
      value: ({ entry }) => entry.chain,
      cell: ({ entry }) => optional(entry.chain),
    },
  ]
}

/** Who did it; the Django application leaves it empty where a program did. */
export function actorCell(actor: string): TemplateResult {
  return actor === ''
    ? html`<span class="ops-soft">${t('audit.nobody')}</span>`
    : html`<span class="ops-actor">${foreign(actor, { max: 60 })}</span>`
}

/** What it was done to, with a link to its screen where there is one. */
export function targetCell({ action, target }: Pick<AuditEntry, 'action' | 'target'>): TemplateResult {
  if (target === '') return none()
  const link = targetLink(action, target)
  const text = html`<span class="ops-mono">${foreign(target, { max: 80 })}</span>`
  return link === undefined ? text : html`<a href=${link}>${text}</a>`
}

/**
 * What an entry of the gate says in one line: the operator's reason, and what was done. Where and how it was asked for stands in
 * the entry itself. Undefined for entries of another shape.
 */
function gateCell({ written, detail }: AuditEntry): TemplateResult | undefined {
  if (written !== 'gate') return undefined
  const parts = objectOf(detail)
  const reason = parts?.['reason']
  if (typeof reason !== 'string' || reason === '') return undefined
  const done = parts?.['detail']
  const more = done === undefined || done === null ? '{}' : JSON.stringify(done)
  return html`<span class="ops-reason">${foreign(reason, { max: 100 })}</span> ${more === '{}' ? nothing : jsonLine(more, DETAIL)}`
}

/** A JSON object's members; undefined for anything else. */
export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** A detail in one line; its size where it is too long for a list. */
export function detailCell(detail: string, size: number): TemplateResult {
  if (detail === '{}' || size === 0) return none()
  if (detail === '') return html`<span class="ops-soft">${t('audit.detail.long', { size: bytes(size) })}</span>`
  return jsonLine(detail, DETAIL)
}

/** Who wrote the row: the gate for whoever was logged in, or a login that may write the table. */
export function writtenCell(written: string): TemplateResult {
  if (written === '') return none()
  if (written === 'before')
    return html`<span class="ops-soft" title=${t('audit.written.before.title')}>${t('audit.written.before')}</span>`
  if (written === 'gate') {
    return html`<span title=${t('audit.written.gate.title')}><i class="bi bi-shield-check" aria-hidden="true"></i> ${t('audit.written.gate')}</span>`
  }
  return html`<span title=${t('audit.written.login.title')}>${t('audit.written.login')} ${foreign(written, { max: 60 })}</span>`
}
