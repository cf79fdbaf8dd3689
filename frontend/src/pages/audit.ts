import { html } from 'lit-html'
import { listAudit, listAuditActions } from '../api/audit.ts'
import { exportAudit } from '../api/exports.ts'
import { failureText } from '../lib/failure.ts'
import { fullTime, parseTime } from '../lib/format.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import { type Page, replaceQuery } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { actionWords } from './audit/action.ts'
import { createChainNote } from './audit/chain.ts'
import { type AuditRow, auditColumns } from './audit/columns.ts'
import { showEntry } from './audit/dialog.ts'
import { auditFields, auditRequest, listFieldOf } from './audit/filter.ts'
import { createOpenNote } from './audit/openops.ts'
import { openExport } from './lists/export.ts'
import { createFilters, type Filter, filterOf } from './lists/filters.ts'
import { createPaged } from './lists/paged.ts'

/** How often the newest entries are read, in milliseconds, as the backend's clock has it. */
const EVERY = 8000
const SIZE = 50

/** Who did what to what, newest first. */
export const auditPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('audit.title'), { lead: t('audit.lead'), fill: true })
  const fields = auditFields()
  let filter = filterOf(query, fields)
  let cursor = query.get('cursor') ?? ''
  let entry = query.get('entry') ?? ''

  const address = () =>
    replaceQuery(new URLSearchParams({ ...filter, ...(cursor && { cursor }), ...(entry && { entry }) }))
  const open = (id: string) => {
    entry = id
    address()
    showEntry(signal, id, () => {
      entry = ''
      if (!signal.aborted) address()
    })
  }
  const apply = (next: Filter) => {
    filter = next
    list.go('')
  }
  const bar = createFilters(signal, 'audit-filter', fields, filter, apply)
  frame.body.append(createOpenNote(signal), createChainNote(signal, open), bar.element)
  const exporting = [
    {
      label: t('audit.export'),
      icon: 'bi-download',
      run: () =>
        openExport(signal, {
          name: 'audit',
          title: t('audit.export.title'),
          about: Object.keys(filter).length > 0 ? t('audit.export.filtered') : t('audit.export.all'),
          start: (format, path) => exportAudit(auditRequest(filter, nowShown()), format, path),
        }),
    },
  ]
  frame.actions(html`${buttons(exporting)}`)
  const list = createPaged<AuditRow>(frame.body, signal, {
    id: 'ops-audit',
    label: t('audit.table'),
    columns: auditColumns(open),
    key: ({ entry: { id } }) => id,
    open: ({ entry: { id } }) => open(id),
    topic: 'audit',
    every: EVERY,
    async read(at) {
      const page = await listAudit(auditRequest(filter, nowShown()), at, SIZE)
      const now = parseTime(page.asOf) ?? nowShown()
      const reached = parseTime(page.reached)
      return { ...page, rows: page.entries.map((e) => ({ entry: e, now })), reached: reached ? fullTime(reached) : '' }
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
    empty: { kind: 'empty', title: t('audit.empty'), text: t('audit.empty.text') },
  })
  latest(signal, listAuditActions, {
    done: (actions) =>
      bar.offer(
        'action',
        actions.map((value) => ({ value, label: `${actionWords(value)} – ${value}` })),
      ),
    // The list says what is wrong; without the choices, it can still be filtered otherwise.
    failed: () => undefined,
  })()
  list.go(cursor)
  if (entry !== '') open(entry)
}
