import { html, type TemplateResult } from 'lit-html'
import type { Attempt, Run, RunDetail } from '../../api/runs.ts'
import { duration, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { face } from '../../ui/face.ts'
import { workerLink } from '../../ui/routes.ts'
import { foreign, none, optional } from '../../ui/text.ts'
import { exitCell } from '../runs/columns.ts'
import { shortTime, zoned } from '../runs/times.ts'
import { logPlace } from './logref.ts'

/** The attempts that may have a log, ascending. */
export function loggedAttempts({ run, attempts }: RunDetail): number[] {
  const place = logPlace(run.logRef)
  const numbers = attempts.map((a) => a.number)
  if (place.kind === 'database') numbers.push(place.attempt)
  else if (place.kind !== 'none') numbers.push(run.attempt)
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** Every recorded attempt, or why there is none. */
export function attemptsView({ run, attempts }: RunDetail, now: Date): TemplateResult {
  if (attempts.length === 0) return html`<div class="ops-quiet-face">${noAttempts(run)}</div>`
  return html`<div class="ops-panel-flush ops-scroll" tabindex="0" role="region" aria-label=${t('run.attempts.table')}>
    <table class="table table-sm ops-plain-table">
      <caption class="visually-hidden">${t('run.attempts.table')}</caption>
      <thead>
        <tr>
          <th scope="col">${t('run.attempt.number')}</th>
          <th scope="col">${t('run.attempt.outcome')}</th>
          <th scope="col">${t('run.attempt.worker')}</th>
          <th scope="col">${t('run.attempt.epoch')}</th>
          <th scope="col">${zoned(t('run.attempt.started'))}</th>
          <th scope="col">${zoned(t('run.attempt.ended'))}</th>
          <th scope="col">${t('run.attempt.duration')}</th>
          <th scope="col">${t('run.attempt.exit')}</th>
          <th scope="col">${t('run.attempt.note')}</th>
        </tr>
      </thead>
      <tbody>
        ${attempts.map((attempt) => attemptRow(attempt, now))}
      </tbody>
    </table>
  </div>`
}

function attemptRow(attempt: Attempt, now: Date): TemplateResult {
  const started = parseTime(attempt.startedAt)
  const ended = parseTime(attempt.endedAt) ?? now
  return html`<tr>
    <th scope="row">${attempt.number}</th>
    <td>
      ${
        attempt.outcome === ''
          ? html`<span class="ops-badge ops-run-running"
              ><i class="bi bi-play-fill" aria-hidden="true"></i>${t('run.attempt.running')}</span
            >`
          : runState(attempt.outcome)
      }
    </td>
    <td>${workerLink(attempt.workerId)}</td>
    <td>${optional(attempt.leaderEpoch)}</td>
    <td>${shortTime(attempt.startedAt, now)}</td>
    <td>${shortTime(attempt.endedAt, now)}</td>
    <td>${started ? duration(ended.getTime() - started.getTime()) : none()}</td>
    <td>${exitCell(attempt.exitCode)}</td>
    <td class="ops-wrap">${attempt.note === '' ? none() : foreign(attempt.note, { max: 500 })}</td>
  </tr>`
}

function noAttempts(run: Run): TemplateResult {
  const started = run.startedAt !== '' || run.finishedAt !== ''
  return face({
    kind: 'empty',
    title: t('run.attempts.none'),
    text: started ? t('run.attempts.noneText') : t('run.attempts.notYet'),
  })
}
