import { html, nothing, type TemplateResult } from 'lit-html'
import type { Task } from '../../api/operations.ts'
import { count } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { properties } from '../properties.ts'
import { runLink } from '../routes.ts'
import { foreign } from '../text.ts'
import { reasonText, resultText } from './outcome.ts'

const RESULTS = ['done', 'stale', 'refused', 'failed', 'unknown']

/** How far a bulk operation is: a bar, how many went which way, and those that did not go well. */
export function taskView(task: Task): TemplateResult {
  const share = task.total === 0 ? 0 : task.handled / task.total
  return html`<div class="ops-task">
    <p class="ops-outcome-result" role="status">${taskText(task)}</p>
    <div
      class="progress"
      role="progressbar"
      aria-label=${t('operation.task.progress')}
      aria-valuemin="0"
      aria-valuemax=${task.total}
      aria-valuenow=${task.handled}
    >
      <div class="progress-bar ops-task-bar" ${properties({ '--ops-share': String(share) })}></div>
    </div>
    <dl class="ops-facts">
      <dt>${t('operation.task.handled')}</dt>
      <dd>${t('operation.task.of', { n: count(task.handled), all: count(task.total) })}</dd>
      ${RESULTS.filter((r) => (task.counts[r] ?? 0) > 0).map(
        (r) => html`<dt>${tryText(`operation.task.${r}`, {}) ?? r}</dt><dd>${count(task.counts[r] ?? 0)}</dd>`,
      )}
    </dl>
    ${
      task.failures.length === 0
        ? nothing
        : html`<ul class="ops-plain-list ops-task-failures">
            ${task.failures.map((f) => html`<li>${partName(f)} ${resultText(f.outcome)} ${reasonText(f.outcome)}</li>`)}
          </ul>`
    }
  </div>`
}

/** What a part is about: a run, or a job or setting behind the key of its kind. */
function partName({ runId, name }: Task['failures'][number]): TemplateResult {
  if (runId !== '') return runLink(runId)
  const [kind = '', ...rest] = name.split(' ')
  return html`${tryText(`operation.touch.${kind}`, {}) ?? visible(kind)}: ${foreign(rest.join(' '), { max: 120 })}`
}

/** In one sentence. */
export function taskText(task: Task): string {
  if (!task.over) return task.stopping ? t('operation.task.stopping') : t('operation.task.going')
  if (task.handled === 0 && task.reason !== '') return reasonText({ result: 'refused', ...task })
  return task.stopped ? t('operation.task.stopped') : t('operation.task.over')
}
