import { html, nothing, type TemplateResult } from 'lit-html'
import type { Run } from '../../api/runs.ts'
import { bytes, countdown, duration, parseTime } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { facts } from '../../ui/page.ts'
import { jobLink, workerLink } from '../../ui/routes.ts'
import { foreign, identifier, none, optional, time } from '../../ui/text.ts'
import { exitCell } from '../runs/columns.ts'
import { logPlace } from './logref.ts'

/** Everything that is known of a run besides its times, its error and its log. */
export function runFacts(run: Run): TemplateResult {
  const size = (n: number | undefined) => (n === undefined ? none() : bytes(n))
  return facts([
    [t('run.fact.job'), jobLink(run.jobId, run.jobName)],
    [t('run.fact.command'), run.command === '' ? none() : identifier(run.command)],
    [t('run.fact.worker'), workerLink(run.workerId)],
    [t('run.fact.attempt'), html`${run.attempt} <span class="ops-soft">(${t('run.fact.attempt.note')})</span>`],
    [t('run.fact.version'), String(run.version)],
    [t('run.fact.epoch'), optional(run.leaderEpoch)],
    [
      t('run.fact.continuation'),
      run.confirming ? t('run.fact.continuation.confirming') : t('run.fact.continuation.none'),
    ],
    [t('run.fact.exit'), exitCell(run.exitCode)],
    [t('run.fact.cpu'), run.cpuSeconds === undefined ? none() : duration(run.cpuSeconds * 1000)],
    [t('run.fact.rss'), size(run.peakRssBytes)],
    [t('run.fact.read'), size(run.ioReadBytes)],
    [t('run.fact.written'), size(run.ioWriteBytes)],
    [t('run.fact.key'), run.idempotencyKey === '' ? none() : identifier(run.idempotencyKey)],
    [t('run.fact.log'), logFact(run)],
    [t('run.fact.created'), time(run.createdAt)],
    [t('run.fact.updated'), time(run.updatedAt)],
  ])
}

/** The log reference and what it means. Addresses are text: the database may say anything. */
function logFact(run: Run): TemplateResult {
  const reference =
    run.logRef === '' ? nothing : html`<span class="ops-mono">${foreign(run.logRef, { max: 600 })}</span> `
  return html`${reference}<span class="ops-soft">${meaning(run)}</span>`
}

function meaning(run: Run): string {
  switch (logPlace(run.logRef).kind) {
    case 'none':
      return t('run.log.ref.none')
    case 'database':
      return t('run.log.ref.database')
    case 'address':
      return t('run.log.ref.address')
    case 'other':
      return t('run.log.ref.other')
    case 'file':
      return run.workerId === ''
        ? t('run.log.ref.fileSomewhere')
        : t('run.log.ref.file', { worker: visible(cut(run.workerId, 60).text) })
  }
}

/** While the run's worker is doubted: since when, and how long until somebody decides. */
export function confirmingNote(run: Run, now: Date): TemplateResult | typeof nothing {
  if (!run.confirming) return nothing
  const deadline = parseTime(run.confirmingDeadlineAt)
  const left = deadline && deadline.getTime() - now.getTime()
  const words =
    left === undefined
      ? t('run.confirming.none')
      : left > 0
        ? t('run.confirming.left', { span: countdown(left) })
        : t('run.confirming.past', { span: countdown(-left) })
  return html`<div class="ops-callout ops-callout-warn">
    <i class="bi bi-question-octagon-fill" aria-hidden="true"></i>
    <div>
      <strong role="status">${t('run.confirming')}</strong>
      <p>${sinceWords(t('run.confirming.text', { since: '\n' }), time(run.confirmingSince))}</p>
      <p><strong>${words}</strong></p>
    </div>
  </div>`
}

/** Puts a time element where the sentence has its line break. */
function sinceWords(sentence: string, since: TemplateResult): TemplateResult {
  const [before = '', after = ''] = sentence.split('\n')
  return html`${before}${since}${after}`
}
