import type { AuditFilterRequest } from '../../api/audit.ts'
import { t } from '../../text/text.ts'
import { type Filter, type FilterField, listOf, rangeOf } from '../lists/filters.ts'

/** What the audit can be narrowed by; made anew for each page, because labels follow the language. */
export function auditFields(): FilterField[] {
  return [
    { kind: 'text', name: 'actor', label: t('audit.column.actor') },
    {
      kind: 'many',
      name: 'action',
      label: t('audit.column.action'),
      any: t('audit.filter.action.any'),
      some: (n) => t('audit.filter.action.n', { n }),
    },
    { kind: 'text', name: 'target', label: t('audit.column.target'), hint: t('audit.filter.target.hint') },
    { kind: 'range', label: t('audit.column.at') },
    { kind: 'text', name: 'text', label: t('audit.filter.text'), search: true },
  ]
}

/** The filter as Go takes it; a range that moves with the clock is fixed at `now`. */
export function auditRequest(filter: Filter, now: Date): AuditFilterRequest {
  return {
    ...rangeOf(filter, now),
    actor: filter['actor'] ?? '',
    actions: listOf(filter['action']),
    target: filter['target'] ?? '',
    text: filter['text'] ?? '',
  }
}
