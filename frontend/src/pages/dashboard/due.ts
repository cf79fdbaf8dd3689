import { html, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import type { Activity } from '../../api/dashboard.ts'
import { localClock, utcClock } from '../../lib/clocks.ts'
import { age, parseTime } from '../../lib/format.ts'
import { t } from '../../text/text.ts'
import { jobLink } from '../../ui/routes.ts'
import { dueTime } from '../jobs/next.ts'

/** What the schedules will make next, on both clocks. */
export function dueRuns(activity: Activity): TemplateResult {
  if (activity.nextDue.length === 0) return html`<p class="ops-quiet">${t('dashboard.due.none')}</p>`
  const now = new Date(activity.asOf)
  return html`<table class="ops-small-table ops-due">
    <caption class="visually-hidden">${t('dashboard.due.table')}</caption>
    <thead>
      <tr>
        <th scope="col">${t('dashboard.due.job')}</th>
        <th scope="col">${t('dashboard.due.in')}</th>
        <th scope="col">${t('clock.local', { offset: localClock(now).offset })}</th>
        <th scope="col">${t('clock.utc')}</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        activity.nextDue,
        (due) => `${due.jobId} ${due.at}`,
        (due) => {
          const at = parseTime(due.at)
          return html`<tr>
            <th scope="row">${jobLink(due.jobId, due.jobName, 60)}</th>
            <td>${at ? age(at, now) : ''}</td>
            <td>${at ? dueTime(at, now, localClock) : ''}</td>
            <td>${at ? dueTime(at, now, utcClock) : ''}</td>
          </tr>`
        },
      )}
    </tbody>
  </table>`
}
