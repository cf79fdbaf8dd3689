import { html, type TemplateResult } from 'lit-html'
import type { JobCheck, JobDraft } from '../../api/jobs.ts'
import { pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { panel } from '../../ui/page.ts'
import { routes } from '../../ui/routes.ts'
import { dueView } from '../job/schedule.ts'
import { SCHEDULE } from './fields.ts'

/** When the draft would be due next. */
export function previewView(draft: JobDraft, check: JobCheck | undefined, now: Date): TemplateResult {
  if (!check) return panel(t('jobedit.preview'), html`<p class="ops-soft mb-0">${t('jobedit.preview.none')}</p>`)
  const { type, enabled } = draft
  const { schedule, shape: scheduleShape, next, reading } = check
  const scheduleFailure = check.problems.find(({ field }) => SCHEDULE.has(field))?.failure
  return panel(
    t('jobedit.preview'),
    dueView({ type, enabled, schedule, scheduleShape, scheduleFailure, next, reading }, now),
  )
}

/** Says that somebody else has saved meanwhile. */
export function overtakenNote(compare: () => void): TemplateResult {
  return html`<div class="ops-callout ops-callout-warn" role="status">
    <i class="bi bi-people-fill" aria-hidden="true"></i>
    <div>
      <p>${t('jobedit.overtaken')}</p>
      <button type="button" class="btn btn-sm btn-outline-primary" @click=${compare}>${t('jobedit.compare')}</button>
    </div>
  </div>`
}

/** Says that secrets among the arguments are not shown. */
export function maskedNote(): TemplateResult {
  return html`<div class="ops-callout ops-callout-info">
    <i class="bi bi-info-circle-fill" aria-hidden="true"></i><div>${t('jobedit.masked')}</div>
  </div>`
}

/** What decides whether the form can be saved. */
export interface SaveState {
  readonly creating: boolean
  readonly allowed: boolean
  readonly dirty: boolean
  readonly problems: number
}

/** The buttons under the form, and what stands in the way of saving. */
export function actionsView(id: string, state: SaveState, save: () => void): TemplateResult {
  const back = pathTo(state.creating ? routes.jobs : routes.job, { id })
  return html`<div class="ops-form-actions">
      <button type="button" class="btn btn-primary" ?disabled=${!state.allowed || !state.dirty} @click=${save}>
        ${state.creating ? t('jobedit.create') : t('jobedit.save')}…
      </button>
      <a class="btn btn-outline-secondary" href=${back}>${t('action.cancel')}</a>
    </div>
    <p class="ops-soft" role="status">${readyText(state)}</p>`
}

function readyText({ allowed, dirty, problems }: SaveState): string {
  if (!allowed) return t('jobedit.notAllowed')
  if (!dirty) return t('jobedit.unchanged')
  return problems > 0 ? t('jobedit.problems', { n: problems }) : t('jobedit.ready')
}
