import { html } from 'lit-html'
import { listAudit, listAuditActions } from '../api/audit.ts'
import { exportAudit } from '../api/exports.ts'
import { fullTime, parseTime } from '../lib/format.ts'
import { latest } from '../lib/latest.ts'
import { nowShown } from '../lib/moment.ts'
import type { Page } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { buttons } from '../ui/menu.ts'
import { pageFrame } from '../ui/page.ts'
import { actionWords } from './audit/action.ts'
import { createChainNote } from './audit/chain.ts'
import { type AuditRow, auditColumns } from './audit/columns.ts'
import { showEntry } from './audit/dialog.ts'
import { auditFields, auditRequest } from './audit/filter.ts'
import { createOpenNote } from './audit/openops.ts'
import { createChronicle } from './lists/chronicle.ts'
import { openExport } from './lists/export.ts'

const SIZE = 50

/** Who did what to what, newest first. */
export const auditPage: Page = (host, signal, { query }) => {
  const frame = pageFrame(host, t('audit.title'), { lead: t('audit.lead'), fill: true })
  const above = document.createElement('div')
  frame.body.append(above)
  const list = createChronicle<AuditRow>(frame.body, signal, query, {
    name: 'audit',
    label: t('audit.table'),
    fields: auditFields(),
    columns: auditColumns,
    id: ({ entry: { id } }) => id,
    opened: 'entry',
    show: (id, onClose) => showEntry(signal, id, onClose),
    async read(filter, cursor) {
      const page = await listAudit(auditRequest(filter, nowShown()), cursor, SIZE)
      const now = parseTime(page.asOf) ?? nowShown()
      const reached = parseTime(page.reached)
      return { ...page, rows: page.entries.map((e) => ({ entry: e, now })), reached: reached ? fullTime(reached) : '' }
    },
    empty: { kind: 'empty', title: t('audit.empty'), text: t('audit.empty.text') },
  })
  above.replaceWith(createOpenNote(signal), createChainNote(signal, list.open))
  const filtered = () => Object.keys(list.filter()).length > 0
  const exporting = [
    {
      label: t('audit.export'),
      icon: 'bi-download',
      run: () =>
        openExport(signal, {
          name: 'audit',
          title: t('audit.export.title'),
          about: filtered() ? t('audit.export.filtered') : t('audit.export.all'),
          start: (format, path) => exportAudit(auditRequest(list.filter(), nowShown()), format, path),
        }),
    },
  ]
  frame.actions(html`${buttons(exporting)}`)
  latest(signal, listAuditActions, {
    done: (actions) =>
      list.bar.offer(
        'action',
        actions.map((value) => ({ value, label: `${actionWords(value)} – ${value}` })),
      ),
    // The list says what is wrong; without the choices, it can still be filtered otherwise.
    failed: () => undefined,
  })()
  list.begin()
}
