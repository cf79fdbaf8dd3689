import type { JobCheck, JobDraft } from '../../api/jobs.ts'
import { failureText } from '../../lib/failure.ts'
import { t } from '../../text/text.ts'
import { createChoice } from '../../ui/choice.ts'
import { createJsonEditor } from '../../ui/jsoneditor.ts'
import type { FormParts } from './form.ts'

/** The parts of the form that have a state of their own: both editors of JSON, and the choice of a time zone. */
export interface Editors {
  readonly elements: FormParts
  /** Puts what a draft has into them. */
  show(draft: JobDraft): void
  /** Marks where JSON breaks. */
  mark(problems: JobCheck['problems']): void
  /** Whether the field is one of them, which then has the focus. */
  focus(field: string): boolean
}

/** Makes them for a form whose draft changes; they begin with the one of now. */
export function createEditors(
  signal: AbortSignal,
  draft: () => JobDraft,
  change: (next: JobDraft, field: string) => void,
): Editors {
  const scheduled = (part: Partial<JobDraft['schedule']>, field: string) =>
    change({ ...draft(), schedule: { ...draft().schedule, ...part } }, field)
  const args = createJsonEditor(signal, {
    id: 'job-args',
    label: t('job.args'),
    value: draft().args,
    describedBy: 'job-args-error job-args-hint',
    onInput: (text) => text !== draft().args && change({ ...draft(), args: text }, 'args'),
  })
  const json = createJsonEditor(signal, {
    id: 'job-json',
    label: t('jobedit.json'),
    value: draft().schedule.json,
    describedBy: 'job-json-error',
    onInput: (text) => text !== draft().schedule.json && scheduled({ json: text }, 'json'),
  })
  const zone = createChoice(signal, {
    id: 'job-timezone',
    label: t('jobedit.timezone'),
    any: t('jobedit.timezone.none'),
    none: t('jobedit.timezone.unknown'),
    onChoose: (timezone) => scheduled({ timezone }, 'timezone'),
  })
  zone.offer(Intl.supportedValuesOf('timeZone').map((name) => ({ value: name, label: name })))
  zone.set(draft().schedule.timezone)

  const byField = { args, json }
  return {
    elements: { args: args.element, scheduleJson: json.element, zone: zone.element },
    show(next) {
      args.set(next.args)
      json.set(next.schedule.json)
      zone.set(next.schedule.timezone)
    },
    mark(problems) {
      for (const [field, editor] of Object.entries(byField)) {
        const found = problems.find((p) => p.field === field)
        editor.mark(found && { line: found.line, column: found.column, message: failureText(found.failure) })
      }
    },
    focus(field) {
      if (field !== 'args' && field !== 'json') return false
      byField[field].focus()
      return true
    },
  }
}
