import { html, nothing, type TemplateResult } from 'lit-html'
import type { Job } from '../../api/jobs.ts'
import { failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { namesTimezone, scheduleWords } from './schedule.ts'

/** A schedule in words, or in red why it never fires, with the way to its JSON. */
export function scheduleCell(job: Job, showJson: () => void): TemplateResult {
  return html`<span class="ops-schedule">${job.scheduleFailure ? impossible(job) : words(job)}<button
    type="button"
    class="btn btn-sm btn-link ops-json"
    title=${t('jobs.json.title')}
    aria-label=${t('jobs.json.of', { job: visible(job.name) })}
    @click=${showJson}
  >
    ${t('jobs.json')}
  </button></span>`
}

/** The same as plain text, to sort and search by. */
export function scheduleText(job: Job): string {
  if (job.scheduleFailure) return `${t('jobs.never')} ${failureText(job.scheduleFailure)}`
  const said = scheduleWords(job.scheduleShape)
  return [said?.when, said?.zone].filter((s) => s !== undefined).join(' ')
}

function impossible(job: Job): TemplateResult {
  return html`<span class="ops-bad"
    ><i class="bi bi-x-octagon-fill" aria-hidden="true"></i> <strong>${t('jobs.never')}</b
    ><span class="ops-schedule-note">${job.scheduleFailure ? failureText(job.scheduleFailure) : nothing}</span></span
  >`
}

function words(job: Job): TemplateResult {
  const said = scheduleWords(job.scheduleShape)
  if (!said) return html`<span class="ops-bad">${t('jobs.never')}</span>`
  const assumed = said.zone === 'UTC' && !namesTimezone(job.schedule)
  return html`<span
    >${said.when}${
      said.zone === undefined
        ? nothing
        : html` <span class="ops-soft ops-zone" title=${assumed ? t('jobs.schedule.utc.note') : nothing}
            >${said.zone}${assumed ? html`<i class="bi bi-info-circle" aria-label=${t('jobs.schedule.utc.note')} role="img"></i>` : nothing}</span
          >`
    }${said.note === undefined ? nothing : html`<span class="ops-schedule-note ops-soft">${said.note}</span>`}</span
  >`
}
