import { html, type TemplateResult } from 'lit-html'
import type { JobDetail } from '../../api/jobs.ts'
import { duration } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { facts } from '../../ui/page.ts'
import { identifier, none, time } from '../../ui/text.ts'

/** Whether a job makes runs, as a mark and a word. */
export function enabledBadge(enabled: boolean): TemplateResult {
  return html`<span class="ops-badge ops-flag-${enabled ? 'yes' : 'no'}"
    ><i class="bi ${enabled ? 'bi-check-lg' : 'bi-pause-circle'}" aria-hidden="true"></i>${
      enabled ? t('jobs.enabled') : t('jobs.disabled')
    }</span
  >`
}

/** What a job's definition says besides its schedule and arguments. */
export function jobFacts(job: JobDetail): TemplateResult {
  const span = (seconds: number, none: string) =>
    seconds > 0 ? duration(seconds * 1000) : html`<span class="ops-soft">${none}</span>`
  const retries =
    job.maxRetries === 0
      ? html`<span class="ops-soft">${t('job.retries.none')}</span>`
      : t('job.retries.some', { n: job.maxRetries, backoff: duration(job.backoffSeconds * 1000) })
  return html`${facts([
    [t('job.fact.id'), html`<span class="ops-mono">${job.id}</span>`],
    [t('jobs.column.type'), tryText(`jobs.type.${job.type}`, {}) ?? visible(job.type)],
    [t('jobs.column.command'), job.command === '' ? none() : identifier(job.command)],
    [t('jobs.column.policy'), tryText(`jobs.policy.${job.policy}`, {}) ?? visible(job.policy)],
    [t('jobs.column.timeout'), span(job.timeoutSeconds, t('jobs.timeout.none'))],
    [t('jobs.column.retries'), retries],
    [t('job.fact.created'), time(job.createdAt)],
    [t('job.fact.updated'), time(job.updatedAt)],
  ])}${ignored(job)}`
}

/** Says what a leader of the other kind does not obey, where there are such workers and it matters. */
function ignored({ reading, maxRetries, policy }: JobDetail): TemplateResult {
  const what = [
    maxRetries > 0 ? t('job.ignored.retries') : '',
    policy === 'allow' ? '' : t('job.ignored.policy'),
  ].filter((text) => text !== '')
  if (reading.others.length === 0 || what.length === 0) return html``
  return html`<p class="ops-warn mt-2 mb-0">
    <i class="bi bi-exclamation-triangle-fill" aria-hidden="true"></i>
    ${t(reading.leads ? 'job.ignored.now' : 'job.ignored.maybe', { what: what.join(t('job.ignored.and')) })}
  </p>`
}
