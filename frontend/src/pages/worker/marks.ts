import { html, type TemplateResult } from 'lit-html'
import type { Worker } from '../../api/workers.ts'
import { t } from '../../text/text.ts'
import { type WorkerMark, workerMark } from '../../ui/badge.ts'

/** What is the matter with a worker, the worst first; nothing for a healthy one. */
export function marksOf(worker: Worker): WorkerMark[] {
  const marks: WorkerMark[] = []
  if (worker.lost) marks.push('lost')
  else if (worker.silent) marks.push('silent')
  if (worker.detached) marks.push('detached')
  else if (worker.detachFlag) marks.push('detaching')
  if (worker.draining) marks.push('draining')
  return marks
}

/** The same as badges, or in words that there is nothing. */
export function marksView(worker: Worker): TemplateResult {
  const marks = marksOf(worker)
  if (marks.length > 0) return html`${marks.map((m) => workerMark(m))}`
  return html`<span class="ops-soft">${t('workers.fine')}</span>`
}
