import { html, nothing, type TemplateResult } from 'lit-html'
import type { Job } from '../../api/jobs.ts'
import { localClock, utcClock } from '../../lib/clocks.ts'
import { age, type PrintedTime, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'

/** When a job is due next, on both clocks, or why it is not. */
export function nextTimes(job: Job, now: Date): TemplateResult {
  const times = job.next.map(parseTime).filter((at) => at !== undefined)
  if (times.length === 0) return html`<span class="ops-soft">${notDue(job)}</span>`
  return html`<ul class="ops-plain-list ops-next">
    ${times.map((at, i) => {
      const local = localClock(at)
      const utc = utcClock(at)
      const same = local.offset === '+00:00'
      return html`<li>
        ${same ? nothing : html`${clock(local, localClock(now))} `}${clock(utc, utcClock(now))}
        ${i === 0 ? html`<span class="ops-age">${age(at, now)}</span>` : nothing}
      </li>`
    })}
  </ul>`
}

function notDue(job: Job): string {
  if (job.scheduleFailure) return t('jobs.next.none')
  if (!job.enabled) return t('jobs.next.disabled')
  return job.type === 'event' ? t('jobs.next.event') : t('jobs.next.none')
}

/** Hours and minutes, with the date unless it is today's. */
export function clock(at: PrintedTime, now: PrintedTime): TemplateResult {
  const day = at.date === now.date ? '' : `${at.date.slice(5)} `
  return html`<time class="ops-clock" title=${`${at.date} ${at.time} ${at.offset}`}
    >${day}${at.time.slice(0, 5)}<span class="ops-offset">${at.offset}</span></time
  >`
}
