import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { JobDraft, ScheduleDraft } from '../../api/jobs.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { weekdayName } from '../jobs/schedule.ts'
import { kindsOf, withKind, withType } from './draft.ts'

/** What the form shows. */
export interface FormState {
  readonly draft: JobDraft
  /** What is wrong, by field, in words; only for fields that somebody has touched. */
  readonly errors: ReadonlyMap<string, string>
  /** The JSON that the form means, for switching to JSON. */
  readonly composed: string
}

/** What the form is told. */
export interface FormEvents {
  change(draft: JobDraft, field: string): void
  /** A field was left: its error may be shown from now on. */
  leave(field: string): void
}

/** Elements that keep what is in them, and so aren't drawn anew. */
export interface FormParts {
  readonly args: HTMLElement
  readonly scheduleJson: HTMLElement
  readonly zone: HTMLElement
}

/** Intervals that divide an hour, as the field suggests them. */
const EVEN = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]

/** The form of a job's definition. Every value crosses to Go as it was typed. */
export function jobForm(state: FormState, parts: FormParts, events: FormEvents): TemplateResult {
  const { draft, errors } = state
  const set = (field: string, patch: Partial<JobDraft>) => events.change({ ...draft, ...patch }, field)
  const text = (
    field: string,
    key: TextKey,
    label: string,
    more: { hint?: string; mono?: boolean; unit?: string } = {},
  ) =>
    fieldOf(
      field,
      label,
      errors,
      html`<div class=${more.unit ? 'input-group input-group-sm' : ''}>
        <input
          type="text"
          class="form-control form-control-sm ${more.mono ? 'ops-mono' : ''} ${errors.has(field) ? 'is-invalid' : ''}"
          id=${`job-${field}`}
          name=${field}
          autocomplete="off"
          spellcheck="false"
          inputmode=${more.unit ? 'numeric' : nothing}
          aria-invalid=${String(errors.has(field))}
          aria-describedby=${describedBy(field, errors, more.hint)}
          .value=${live(draft[key])}
          @input=${(event: Event) => set(field, { [key]: (event.target as HTMLInputElement).value })}
          @blur=${() => events.leave(field)}
        />${more.unit ? html`<span class="input-group-text">${more.unit}</span>` : nothing}
      </div>`,
      more.hint,
    )
  return html`<section class="ops-panel">
      <div class="ops-panel-head"><h2>${t('jobedit.basics')}</h2></div>
      <div class="ops-panel-body ops-form-grid">
        ${text('name', 'name', t('jobs.column.name'))}
        ${text('command', 'command', t('jobs.column.command'), { hint: t('jobedit.command.hint'), mono: true })}
        ${choice(
          'type',
          t('jobs.column.type'),
          draft.type,
          ['time', 'event'],
          (v) => t(`jobs.type.${v}`),
          errors,
          (type) => events.change(withType(draft, type), 'type'),
        )}
        <div class="form-check form-switch ops-form-switch">
          <input
            type="checkbox"
            class="form-check-input"
            role="switch"
            id="job-enabled"
            .checked=${live(draft.enabled)}
            @change=${(event: Event) => set('enabled', { enabled: (event.target as HTMLInputElement).checked })}
          />
          <label class="form-check-label" for="job-enabled">${t('jobedit.enabled')}</label>
        </div>
      </div>
    </section>
    <section class="ops-panel">
      <div class="ops-panel-head"><h2>${t('jobs.column.schedule')}</h2></div>
      <div class="ops-panel-body ops-form-grid">${scheduleFields(state, parts, events)}</div>
    </section>
    <section class="ops-panel">
      <div class="ops-panel-head"><h2 id="job-args-title">${t('job.args')}</h2></div>
      <div class="ops-panel-body">
        ${parts.args}
        ${errorOf('args', errors)}
        <p class="ops-soft mb-0 mt-1" id="job-args-hint">${t('jobedit.args.hint')}</p>
      </div>
    </section>
    <section class="ops-panel">
      <div class="ops-panel-head"><h2>${t('jobedit.limits')}</h2></div>
      <div class="ops-panel-body ops-form-grid">
        ${text('timeout', 'timeoutSeconds', t('jobs.column.timeout'), { unit: t('jobedit.seconds'), hint: t('jobedit.timeout.hint') })}
        ${choice(
          'policy',
          t('jobs.column.policy'),
          draft.policy,
          ['forbid', 'allow', 'replace'],
          (v) => t(`jobs.policy.${v}`),
          errors,
          (policy) => set('policy', { policy }),
        )}
        ${text('retries', 'maxRetries', t('jobs.column.retries'), { unit: t('jobedit.times') })}
        ${text('backoff', 'backoffSeconds', t('jobedit.backoff'), { unit: t('jobedit.seconds') })}
      </div>
    </section>`
}

type TextKey = 'name' | 'command' | 'timeoutSeconds' | 'maxRetries' | 'backoffSeconds'

function scheduleFields({ draft, errors, composed }: FormState, parts: FormParts, events: FormEvents): TemplateResult {
  const { schedule } = draft
  const set = (field: string, patch: Partial<ScheduleDraft>) =>
    events.change({ ...draft, schedule: { ...schedule, ...patch } }, field)
  const input = (
    field: string,
    key: 'n' | 'minute' | 'time',
    label: string,
    attributes: { type: string; list?: string; hint?: string },
  ) =>
    fieldOf(
      field,
      label,
      errors,
      html`<input
        type=${attributes.type}
        class="form-control form-control-sm ${errors.has(field) ? 'is-invalid' : ''}"
        id=${`job-${field}`}
        name=${field}
        autocomplete="off"
        inputmode=${attributes.type === 'text' ? 'numeric' : nothing}
        list=${attributes.list ?? nothing}
        aria-invalid=${String(errors.has(field))}
        aria-describedby=${describedBy(field, errors, attributes.hint)}
        .value=${live(schedule[key])}
        @input=${(event: Event) => set(field, { [key]: (event.target as HTMLInputElement).value })}
        @blur=${() => events.leave(field)}
      />`,
      attributes.hint,
    )
  const kinds = kindsOf(draft.type)
  const clock = ['daily', 'weekdays', 'weekly'].includes(schedule.kind)
  const zoned = clock || schedule.kind === 'every_n_minutes' || schedule.kind === 'hourly'
  return html`${choice(
    'kind',
    t('jobedit.kind'),
    schedule.kind,
    kinds,
    (v) => t(`jobedit.kind.${v}` as KindKey),
    errors,
    (kind) => events.change({ ...draft, schedule: withKind(schedule, kind, composed) }, 'kind'),
  )}
    ${
      schedule.kind === 'every_n_minutes'
        ? html`${input('n', 'n', t('jobedit.n'), { type: 'text', list: 'job-even', hint: t('jobedit.n.hint') })}
            <datalist id="job-even">${EVEN.map((n) => html`<option value=${n}></option>`)}</datalist>`
        : nothing
    }
    ${schedule.kind === 'hourly' ? input('minute', 'minute', t('jobedit.minute'), { type: 'text' }) : nothing}
    ${
      schedule.kind === 'weekly'
        ? choice(
            'weekday',
            t('jobedit.weekday'),
            schedule.weekday,
            ['0', '1', '2', '3', '4', '5', '6'],
            (v) => weekdayName(Number(v)),
            errors,
            (weekday) => set('weekday', { weekday }),
          )
        : nothing
    }
    ${clock ? input('time', 'time', t('jobedit.time'), { type: 'text', hint: t('jobedit.time.hint') }) : nothing}
    ${zoned ? fieldOf('timezone', t('jobedit.timezone'), errors, parts.zone, t('jobedit.timezone.hint')) : nothing}
    ${
      schedule.kind === 'event'
        ? html`<div class="ops-field-wide">
            ${fieldOf(
              'events',
              t('jobedit.events'),
              errors,
              html`<textarea
                class="form-control form-control-sm ops-mono ${errors.has('events') ? 'is-invalid' : ''}"
                id="job-events"
                name="events"
                rows="3"
                spellcheck="false"
                aria-invalid=${String(errors.has('events'))}
                aria-describedby=${describedBy('events', errors, t('jobedit.events.hint'))}
                .value=${live(schedule.eventTypes.join('\n'))}
                @input=${(event: Event) => set('events', { eventTypes: lines((event.target as HTMLTextAreaElement).value) })}
                @blur=${() => events.leave('events')}
              ></textarea>`,
              t('jobedit.events.hint'),
            )}
          </div>`
        : nothing
    }
    <div class="ops-field-wide" ?hidden=${schedule.kind !== 'json'}>
      <span class="form-label">${t('jobedit.json')}</span>
      ${parts.scheduleJson} ${errorOf('json', errors)}
      <p class="ops-soft mb-0 mt-1">${t('jobedit.json.hint')}</p>
    </div>`
}

type KindKey =
  | 'jobedit.kind.every_n_minutes'
  | 'jobedit.kind.hourly'
  | 'jobedit.kind.daily'
  | 'jobedit.kind.weekdays'
  | 'jobedit.kind.weekly'
  | 'jobedit.kind.event'
  | 'jobedit.kind.json'

/** What stands in a field of several lines, as it is typed: a line that is only begun stays a line. */
function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n')
}

function fieldOf(
  field: string,
  label: string,
  errors: ReadonlyMap<string, string>,
  control: unknown,
  hint?: string,
): TemplateResult {
  return html`<div class="ops-form-field">
    <label class="form-label" for=${`job-${field}`}>${label}</label>
    ${control} ${errorOf(field, errors)}
    ${hint ? html`<div class="form-text" id=${`job-${field}-hint`}>${hint}</div>` : nothing}
  </div>`
}

function errorOf(field: string, errors: ReadonlyMap<string, string>): TemplateResult | typeof nothing {
  const message = errors.get(field)
  return message === undefined
    ? nothing
    : html`<div class="invalid-feedback d-block" id=${`job-${field}-error`}>${message}</div>`
}

function describedBy(field: string, errors: ReadonlyMap<string, string>, hint?: string): string | typeof nothing {
  const ids = [...(errors.has(field) ? [`job-${field}-error`] : []), ...(hint ? [`job-${field}-hint`] : [])]
  return ids.length > 0 ? ids.join(' ') : nothing
}

/** A choice of few. A value that is none of them, as a hand may have written, stays and is shown as it is. */
function choice<T extends string>(
  field: string,
  label: string,
  value: string,
  options: readonly T[],
  name: (option: T) => string,
  errors: ReadonlyMap<string, string>,
  choose: (option: T) => void,
): TemplateResult {
  const known = options.some((option) => option === value)
  return fieldOf(
    field,
    label,
    errors,
    html`<select
      class="form-select form-select-sm ${errors.has(field) ? 'is-invalid' : ''}"
      id=${`job-${field}`}
      name=${field}
      aria-invalid=${String(errors.has(field))}
      aria-describedby=${describedBy(field, errors)}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}
    >
      ${known ? nothing : html`<option value=${value} selected>${visible(value)}</option>`}
      ${options.map((o) => html`<option value=${o} .selected=${live(o === value)}>${name(o)}</option>`)}
    </select>`,
  )
}
