import { html, type TemplateResult } from 'lit-html'
import type { Job } from '../../api/jobs.ts'
import { age, fullTime, type PrintedTime, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'

/** How an instant is read: on this machine's clock, or in UTC. */
export type Clock = (at: Date) => PrintedTime

/** When a job is due next, on one clock, or why it is not. */
export function nextTimes(job: Job, now: Date, clock: Clock): TemplateResult {
  const times = job.next.map(parseTime).filter((at) => at !== undefined)
  if (times.length === 0) return html`<span class="ops-soft">${notDue(job)}</span>`
  return html`<ul class="ops-plain-list">
    ${times.map((at) => html`<li>${dueTime(at, now, clock)}</li>`)}
  </ul>`
}

function notDue(job: Job): string {
  if (job.scheduleFailure) return t('jobs.next.none')
  if (!job.enabled) return t('jobs.next.disabled')
  return job.type === 'event' ? t('jobs.next.event') : t('jobs.next.none')
}

/** Hours and minutes on a clock, with the date unless it is today's there, and the year unless it is this one. The offset stands in the column's title. */
export function dueTime(at: Date, now: Date, clock: Clock): TemplateResult {
  const printed = clock(at)
  const today = clock(now).date
  const sameYear = printed.date.slice(0, 4) === today.slice(0, 4)
  const day = printed.date === today ? '' : `${sameYear ? printed.date.slice(5) : printed.date} `
  return html`<time class="ops-clock" datetime=${at.toISOString()} title="${fullTime(at)}, ${age(at, now)}"
    >${day}${printed.time.slice(0, 5)}</time
  >`
}
