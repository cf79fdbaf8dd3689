import { html, nothing, render, type TemplateResult } from 'lit-html'
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
import { askReveal, revealButton, revealedNote, type Subject } from '../reveal.ts'
import { actionCell } from './action.ts'
import { actorCell, objectOf, targetCell, writtenCell } from './columns.ts'

/** One entry whole. */
export function entryView(entry: AuditEntry, document: ReadDocument = {}): TemplateResult {
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
    ${documentView(entry.detail, entry.size, document)}`
}

/** The operator's reason, where an entry has one. */
function reasonIn(detail: string): string {
  const reason = objectOf(detail)?.['reason']
  return typeof reason === 'string' ? reason : ''
}

/** What a dialog does with the document in it. */
export interface ReadDocument {
  /** It as it is, once that was asked for. */
  revealed?: string | undefined
  /** Asks for that. */
  reveal?(): void
}

/** A JSON document, or why it is not shown. */
export function documentView(masked: string, size: number, { revealed, reveal }: ReadDocument = {}): TemplateResult {
  const text = revealed ?? masked
  if (text === '' && size > 0) return html`<p class="ops-soft">${t('json.tooLong', { size: bytes(size) })}</p>`
  if (text === '') return none()
  return html`${jsonView(text)}
    <button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => copy(text)}>
      <i class="bi bi-clipboard" aria-hidden="true"></i> ${t('json.copy')}
    </button>
    ${revealed !== undefined ? revealedNote() : reveal ? revealButton(text, reveal) : nothing}`
}

/** Opens one entry, read anew: a list carries only the beginning of a detail. */
export function showEntry(signal: AbortSignal, id: string, onClose: () => void): void {
  showRead(signal, {
    title: t('audit.entry', { id: visible(id) }),
    read: () => getAuditEntry(id),
    view: entryView,
    subject: { of: 'audit', id, title: t('reveal.audit', { id: visible(id) }) },
    onClose,
  })
}

interface Read<T> {
  title: string
  read(): Promise<T>
  view(value: T, document: ReadDocument): TemplateResult
  /** What may be masked in it. */
  subject: Subject
  onClose(): void
}

/**
 * Opens a dialog whose content is read when it opens. One dialog at a time: while it is asked why what is masked should be
 * shown, this one is gone, and then comes again.
 */
export function showRead<T>(signal: AbortSignal, options: Read<T>, revealed?: string): void {
  const open = new AbortController()
  signal.addEventListener('abort', () => open.abort(), { once: true })
  let asking = false
  const modal = openModal(signal, {
    title: options.title,
    size: 'lg',
    body: html`<div class="ops-read-host"></div>`,
    onClose: () => {
      open.abort()
      if (!asking || signal.aborted) return options.onClose()
      let document = revealed
      const show = (shown: string) => {
        document = shown
      }
      askReveal(signal, options.subject, show, () =>
        signal.aborted ? options.onClose() : showRead(signal, options, document),
      )
    },
  })
  const host = modal.element.querySelector<HTMLElement>('.ops-read-host')
  if (!host) return
  const reveal = () => {
    asking = true
    modal.close()
  }
  render(face(loadingFace()), host)
  const read = latest(open.signal, options.read, {
    done: (value) => render(options.view(value, { revealed, reveal }), host),
    failed: (failure) => render(face(failureFace(failure, read)), host),
  })
  read()
}

function copy(text: string): void {
  void copyText(text).then((done) => done && notifySuccess(t('copy.done')))
}
