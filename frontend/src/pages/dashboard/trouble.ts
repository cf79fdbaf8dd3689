import { html, nothing, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import type { Activity } from '../../api/dashboard.ts'
import type { Run } from '../../api/runs.ts'
import { age, count, duration, parseTime } from '../../lib/format.ts'
import { pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { routes } from '../../ui/routes.ts'
import { foreign } from '../../ui/text.ts'
import { runsLink } from '../runs/filter.ts'
import { gist } from '../runs/measures.ts'
import { dayFilter } from './activity.ts'

/** How much of an error a line shows. */
const ERROR_LENGTH = 160

/** The day's failed runs, newest first, and the way to the rest. */
export function failures(activity: Activity): TemplateResult {
  if (activity.failures.length === 0) return nobody(t('dashboard.failures.none'))
  const now = new Date(activity.asOf)
  const rest = activity.failedRuns - activity.failures.length
  const all = runsLink({ ...dayFilter(activity), states: ['FAILED', 'TIMED_OUT'] })
  return html`${lines(activity.failures, (run) => ({
    aside: when(run.finishedAt || run.updatedAt, now),
    under: run.errorSummary === '' ? undefined : foreign(gist(run.errorSummary), { max: ERROR_LENGTH }),
  }))}${rest > 0 ? html`<a class="ops-more" href=${all}>${t('dashboard.failures.more', { n: rest })}</a>` : nothing}`
}

/** The day's late runs, and the way to the rest. */
export function late(activity: Activity): TemplateResult {
  const limit = duration(activity.lateAfterMs)
  if (activity.late.length === 0) return nobody(t('dashboard.late.none', { limit }))
  const now = new Date(activity.asOf)
  const rest = activity.lateRuns - activity.late.length
  return html`${lines(activity.late, (run) => ({
    aside: lateBy(run, now),
  }))}${rest > 0 ? html`<a class="ops-more" href=${lateLink(activity)}>${t('dashboard.late.more', { n: rest })}</a>` : nothing}`
}

/** Exactly the runs that the day counts as late. */
export function lateLink(activity: Activity): string {
  return runsLink({ ...dayFilter(activity), laterMs: activity.lateAfterMs })
}

/** A number beside a heading, in red unless it is 0; with an address, the way to what it counts. */
export function trouble(n: number, title?: string, address?: string): TemplateResult {
  const look = n > 0 ? 'ops-count ops-bad' : 'ops-count ops-soft'
  return address === undefined || n === 0
    ? html`<span class=${look} title=${title ?? nothing}>${count(n)}</span>`
    : html`<a class=${look} href=${address} title=${title ?? nothing}>${count(n)}</a>`
}

function lines(
  runs: readonly Run[],
  more: (run: Run) => { aside: unknown; under?: TemplateResult | undefined },
): TemplateResult {
  return html`<ul class="ops-lines">
    ${repeat(
      runs,
      (run) => run.id,
      (run) => {
        const { aside, under } = more(run)
        return html`<li>
          <a href=${pathTo(routes.run, { id: run.id })}>
            ${runState(run.state)}<span class="ops-line-name">${foreign(run.jobName)}</span
            ><span class="ops-line-aside">${aside}</span>
            ${under ? html`<span class="ops-line-under">${under}</span>` : nothing}
          </a>
        </li>`
      },
    )}
  </ul>`
}

function when(wire: string, now: Date): string {
  const at = parseTime(wire)
  return at ? age(at, now) : ''
}

/** How late a run started, or how long it has been waiting since it was due. */
export function lateBy(run: Run, now: Date): string {
  const due = parseTime(run.scheduledFor)
  if (!due) return ''
  const started = parseTime(run.startedAt)
  const delay = duration((started ?? now).getTime() - due.getTime())
  return started ? t('dashboard.late.by', { delay }) : t('dashboard.late.waiting', { delay })
}

function nobody(text: string): TemplateResult {
  return html`<p class="ops-quiet"><i class="bi bi-check-lg" aria-hidden="true"></i> ${text}</p>`
}
