import { html, nothing, type TemplateResult } from 'lit-html'
import type { JobDraft } from '../../api/jobs.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { foreign } from '../../ui/text.ts'
import { weekdayName } from '../jobs/schedule.ts'
import type { Difference, Part, Side } from './conflict.ts'

/** Three versions of one job, and what was decided so far. */
export interface Conflict {
  readonly base: JobDraft
  readonly theirs: JobDraft
  readonly yours: JobDraft
  readonly found: readonly Difference[]
  readonly chosen: Readonly<Partial<Record<Part, Side>>>
}

/** How much of a value is shown. */
const VALUE_LENGTH = 4000

/** Both versions side by side, part by part, with what was there before; either can be taken. */
export function conflictView(
  conflict: Conflict,
  events: { choose(part: Part, side: Side): void; apply(): void; later(): void },
): TemplateResult {
  const { found, chosen } = conflict
  const open = found.filter(({ part }) => chosen[part] === undefined).length
  return html`<section class="ops-panel ops-conflict" aria-labelledby="ops-conflict-title">
    <div class="ops-panel-head"><h2 id="ops-conflict-title" tabindex="-1">${t('jobedit.conflict')}</h2></div>
    <div class="ops-panel-body">
      <p>${found.length === 0 ? t('jobedit.conflict.same') : t('jobedit.conflict.text')}</p>
      ${found.length === 0 ? nothing : table(conflict, events.choose)}
      <div class="ops-form-actions">
        <button type="button" class="btn btn-sm btn-primary" ?disabled=${open > 0} @click=${events.apply}>
          ${t('jobedit.conflict.apply')}
        </button>
        <button type="button" class="btn btn-sm btn-outline-secondary" @click=${events.later}>
          ${t('jobedit.conflict.later')}
        </button>
        ${open > 0 ? html`<span class="ops-warn">${t('jobedit.conflict.open', { n: open })}</span>` : nothing}
      </div>
    </div>
  </section>`
}

function table(conflict: Conflict, choose: (part: Part, side: Side) => void): TemplateResult {
  return html`<div class="ops-scroll" tabindex="0" role="region" aria-label=${t('jobedit.conflict')}>
    <table class="table table-sm ops-plain-table ops-conflict-table">
      <caption class="visually-hidden">${t('jobedit.conflict')}</caption>
      <thead>
        <tr>
          <th scope="col">${t('jobedit.conflict.part')}</th>
          <th scope="col">${t('jobedit.conflict.base')}</th>
          <th scope="col">${t('jobedit.conflict.theirs')}</th>
          <th scope="col">${t('jobedit.conflict.yours')}</th>
        </tr>
      </thead>
      <tbody>
        ${conflict.found.map(({ part, by }) => row(conflict, part, by, choose))}
      </tbody>
    </table>
  </div>`
}

function row(
  { base, theirs, yours, chosen }: Conflict,
  part: Part,
  by: Difference['by'],
  choose: (part: Part, side: Side) => void,
): TemplateResult {
  const side = (
    which: Side,
    draft: JobDraft,
  ) => html`<td class="ops-wrap ${chosen[part] === which ? 'ops-chosen' : ''}">
    <label class="ops-conflict-side">
      <input
        type="radio"
        class="form-check-input"
        name=${`conflict-${part}`}
        .checked=${chosen[part] === which}
        @change=${() => choose(part, which)}
      />
      <span>${value(draft, part)}</span>
    </label>
  </td>`
  return html`<tr>
    <th scope="row">
      ${partName(part)}${by === 'both' ? html`<span class="ops-warn ops-conflict-both">${t('jobedit.conflict.both')}</span>` : nothing}
    </th>
    <td class="ops-wrap ops-soft">${value(base, part)}</td>
    ${side('theirs', theirs)} ${side('yours', yours)}
  </tr>`
}

function partName(part: Part): string {
  return tryText(`jobedit.part.${part}`, {}) ?? part
}

/** A part's value as it would be stored, as text. */
function value(draft: JobDraft, part: Part): TemplateResult {
  if (part === 'schedule') {
    return html`<pre class="ops-pre">${foreign(scheduleText(draft), { max: VALUE_LENGTH, keep: '\n' })}</pre>`
  }
  if (part === 'args') return html`<pre class="ops-pre">${foreign(draft.args, { max: VALUE_LENGTH, keep: '\n' })}</pre>`
  if (part === 'enabled') return html`${draft.enabled ? t('jobs.enabled') : t('jobs.disabled')}`
  if (part === 'type') return html`${tryText(`jobs.type.${draft.type}`, {}) ?? visible(draft.type)}`
  if (part === 'policy') return html`${tryText(`jobs.policy.${draft.policy}`, {}) ?? visible(draft.policy)}`
  return html`${foreign(draft[part], { max: VALUE_LENGTH })}`
}

/** The fields of a schedule that count, one a line. */
function scheduleText({ schedule: s }: JobDraft): string {
  if (s.kind === 'json') return s.json
  const kind = tryText(`jobedit.kind.${s.kind}`, {}) ?? s.kind
  const parts: Readonly<Record<string, readonly string[]>> = {
    every_n_minutes: [s.n, s.timezone],
    hourly: [`:${s.minute.padStart(2, '0')}`, s.timezone],
    daily: [s.time, s.timezone],
    weekdays: [s.time, s.timezone],
    weekly: [/^[0-6]$/.test(s.weekday) ? weekdayName(Number(s.weekday)) : s.weekday, s.time, s.timezone],
    event: s.eventTypes,
  }
  return [kind, ...(Object.hasOwn(parts, s.kind) ? (parts[s.kind] ?? []) : [])].filter((text) => text !== '').join('\n')
}
