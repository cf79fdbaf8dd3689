import { html, render, type TemplateResult } from 'lit-html'
import { type AuditEntry, getAuditEntry } from '../../api/audit.ts'
import { copyText } from '../../api/bridge.ts'
import { bytes } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { latest } from '../../lib/latest.ts'
import { t } from '../../text/text.ts'
import { face, failureFace, loadingFace } from '../../ui/face.ts'
import { jsonView } from '../../ui/json.ts'
import { openModal } from '../../ui/modal.ts'
import { notifySuccess } from '../../ui/notify.ts'
import { facts } from '../../ui/page.ts'
import { foreign, none, time } from '../../ui/text.ts'
import { actionCell } from './action.ts'
import { actorCell, objectOf, targetCell, writtenCell } from './columns.ts'

/** One entry whole. */
export function entryView(entry: AuditEntry): TemplateResult {
  const reason = reasonIn(entry.detail)
  return html`${facts([
    [t('audit.column.at'), time(entry.at)],
    [t('audit.column.actor'), actorCell(entry.actor)],
    [t('audit.column.action'), actionCell(entry.action)],
    [t('audit.column.target'), targetCell(entry)],
    [t('audit.reason'), reason === '' ? undefined : foreign(reason, { max: 600, keep: '\n' })],
    [
      t('audit.column.written'),
      entry.written === ''
        ? html`<span class="ops-soft">${t('audit.written.unknown')}</span>`
        : writtenCell(entry.written),
    ],
    [t('audit.column.chain'), entry.chain === '' ? undefined : entry.chain],
  ])}
    <h3 class="h6 mt-3">${t('audit.column.detail')}</h3>
    ${documentView(entry.detail, entry.size)}`
}

/** The operator's reason, where an entry has one. */
function reasonIn(detail: string): string {
  const reason = objectOf(detail)?.['reason']
  return typeof reason === 'string' ? reason : ''
}

/** A JSON document, or why it is not shown. */
export function documentView(text: string, size: number): TemplateResult {
  if (text === '' && size > 0) return html`<p class="ops-soft">${t('json.tooLong', { size: bytes(size) })}</p>`
  if (text === '') return none()
  return html`${jsonView(text)}
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => copy(text)}>
      <i class="bi bi-clipboard" aria-hidden="true"></i> ${t('json.copy')}
    </button>`
}

/** Opens one entry, read anew: a list carries only the beginning of a detail. */
export function showEntry(signal: AbortSignal, id: string, onClose: () => void): void {
  showRead(signal, {
    title: t('audit.entry', { id: visible(id) }),
    read: () => getAuditEntry(id),
    view: entryView,
    onClose,
  })
}

/** Opens a dialog whose content is read when it opens. */
export function showRead<T>(
  signal: AbortSignal,
  options: { title: string; read(): Promise<T>; view(value: T): TemplateResult; onClose(): void },
): void {
  const open = new AbortController()
  signal.addEventListener('abort', () => open.abort(), { once: true })
  const modal = openModal(signal, {
    title: options.title,
    size: 'lg',
    body: html`<div class="ops-read-host"></div>`,
    onClose: () => {
      open.abort()
      options.onClose()
    },
  })
  const host = modal.element.querySelector<HTMLElement>('.ops-read-host')
  if (!host) return
  render(face(loadingFace()), host)
  const read = latest(open.signal, options.read, {
    done: (value) => render(options.view(value), host),
    failed: (failure) => render(face(failureFace(failure, read)), host),
  })
  read()
}

function copy(text: string): void {
  void copyText(text).then((done) => done && notifySuccess(t('copy.done')))
}
