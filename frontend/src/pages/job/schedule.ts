import { html, nothing, type TemplateResult } from 'lit-html'
import type { JobDetail, Reading } from '../../api/jobs.ts'
import { localClock, utcClock } from '../../lib/clocks.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { age, fullTime, parseTime } from '../../lib/format.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { dueTime } from '../jobs/next.ts'
import { namesTimezone, type ScheduleShape, scheduleWords } from '../jobs/schedule.ts'

/** A schedule as the page and its editor show it, read by Go. */
export interface Due {
  readonly type: string
  readonly enabled: boolean
  readonly schedule: string
  readonly scheduleShape: ScheduleShape
  readonly scheduleFailure?: Failure | undefined
  readonly next: readonly string[]
  readonly reading: Reading
}

/** A schedule in words, what may surprise about it, and its next times on both clocks. */
export function dueView(job: Due | JobDetail, now: Date): TemplateResult {
  if (job.scheduleFailure) {
    return html`<p class="ops-bad mb-0">
      <i class="bi bi-x-octagon-fill" aria-hidden="true"></i> <strong>${t('jobs.never')}</strong>
      <span class="ops-schedule-note">${failureText(job.scheduleFailure)}</span>
    </p>`
  }
  const said = scheduleWords(job.scheduleShape)
  return html`<p class="ops-due-words">
      <strong>${said?.when ?? t('jobs.never')}</strong> ${
        said?.zone === undefined ? nothing : html`<span class="ops-soft ops-zone">${said.zone}</span>`
      }
    </p>
    ${notes(job)} ${job.type === 'event' ? html`<p class="ops-soft mb-0">${t('job.due.event')}</p>` : times(job, now)}`
}

/** What is right about a schedule and may still surprise. */
function notes(job: Due): TemplateResult {
  const { reading, scheduleShape: shape } = job
  const said: string[] = []
  const words = scheduleWords(shape)
  if (words?.note) said.push(words.note)
  for (const { kind, at } of reading.notes) {
    const when = parseTime(at)
    if (when && (kind === 'gap' || kind === 'repeat')) said.push(t(`job.note.${kind}`, { at: fullTime(when) }))
  }
  const utc = words?.zone === 'UTC'
  if (utc && !namesTimezone(job.schedule)) said.push(t('jobs.schedule.utc.note'))
  if (reading.inUtc.length > 0) {
    const workers = reading.others.slice(0, 3).map((id) => visible(cut(id, 40).text))
    const named = { workers: workers.join(', '), n: reading.others.length }
    said.push(t(reading.leads ? 'job.note.utc.now' : 'job.note.utc.maybe', named))
  }
  if (!job.enabled) said.push(t('job.note.disabled'))
  if (said.length === 0) return html``
  return html`<ul class="ops-notes">
    ${said.map((text) => html`<li><i class="bi bi-info-circle" aria-hidden="true"></i><span>${text}</span></li>`)}
  </ul>`
}

function times(job: Due, now: Date): TemplateResult {
  const next = job.next.map(parseTime).filter((at) => at !== undefined)
  if (next.length === 0) return html`<p class="ops-soft mb-0">${t('job.due.none')}</p>`
  const inUtc = job.reading.inUtc.map(parseTime)
  const other = inUtc.length > 0
  return html`<table class="ops-small-table ops-job-due">
    <caption class="visually-hidden">${t('job.due.table')}</caption>
    <thead>
      <tr>
        <th scope="col">${t('job.due.in')}</th>
        <th scope="col">${t('clock.local', { offset: localClock(now).offset })}</th>
        <th scope="col">${t('clock.utc')}</th>
        ${other ? html`<th scope="col">${t('job.due.asUtc')}</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      ${next.map((at, i) => {
        const elsewhere = inUtc[i]
        return html`<tr>
          <td>${age(at, now)}</td>
          <td>${dueTime(at, now, localClock)}</td>
          <td>${dueTime(at, now, utcClock)}</td>
          ${other ? html`<td class="ops-soft">${elsewhere ? dueTime(elsewhere, now, utcClock) : ''}</td>` : nothing}
        </tr>`
      })}
    </tbody>
  </table>`
}
