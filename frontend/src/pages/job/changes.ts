import { html, nothing, type TemplateResult } from 'lit-html'
import type { JobChange, JobChanges } from '../../api/jobs.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { jobLink } from '../../ui/routes.ts'
import { foreign, none, time } from '../../ui/text.ts'

/** What was done to a job, in words; an action that nobody here knows stays as the audit has it. */
export function changeWord(action: string): string {
  return tryText(`job.change.${action}`, {}) ?? visible(action)
}

/** Who changed what when; with `jobName`, of which job. */
export function changesView(changes: JobChanges, now: Date, jobName?: (id: string) => string): TemplateResult {
  if (changes.unreadable) return html`<p class="ops-soft mb-0">${t('job.changes.unreadable')}</p>`
  if (changes.list.length === 0) return html`<p class="ops-soft mb-0">${t('job.changes.none')}</p>`
  return html`<div class="ops-panel-flush ops-scroll" tabindex="0" role="region" aria-label=${t('job.changes')}>
    <table class="table table-sm ops-plain-table">
      <caption class="visually-hidden">${t('job.changes')}</caption>
      <thead>
        <tr>
          <th scope="col">${t('job.changes.at')}</th>
          <th scope="col">${t('job.changes.actor')}</th>
          ${jobName ? html`<th scope="col">${t('runs.column.job')}</th>` : nothing}
          <th scope="col">${t('job.changes.action')}</th>
          <th scope="col">${t('job.changes.reason')}</th>
        </tr>
      </thead>
      <tbody>
        ${changes.list.map((change) => changeRow(change, now, jobName))}
      </tbody>
    </table>
    ${changes.more ? html`<p class="ops-soft m-2">${t('job.changes.more')}</p>` : nothing}
  </div>`
}

/** One column before and after. Long values are cut: the audit has them whole. */
function fieldView({ field, before, after }: JobChange['fields'][number]): TemplateResult {
  const value = (text: string) => (text === '' ? none() : foreign(text, { max: 160 }))
  return html`<div class="ops-change-field">
    <span class="ops-soft">${visible(field)}:</span> ${value(before)} <span aria-hidden="true">→</span> ${value(after)}
  </div>`
}

function changeRow(change: JobChange, now: Date, jobName?: (id: string) => string): TemplateResult {
  return html`<tr>
    <td>${time(change.at, { age: now })}</td>
    <td>${change.actor === '' ? none() : foreign(change.actor, { max: 80 })}</td>
    ${jobName ? html`<td>${jobLink(change.target, jobName(change.target))}</td>` : nothing}
    <td class="ops-wrap">${changeWord(change.action)}${change.fields.map(fieldView)}</td>
    <td class="ops-wrap">${change.reason === '' ? none() : foreign(change.reason, { max: 500 })}</td>
  </tr>`
}
