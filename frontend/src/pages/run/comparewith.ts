import { html, nothing, render } from 'lit-html'
import { listRuns, type Run } from '../../api/runs.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { nowShown } from '../../lib/moment.ts'
import { navigate, pathTo } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { runState } from '../../ui/badge.ts'
import { fieldError } from '../../ui/form.ts'
import { openModal } from '../../ui/modal.ts'
import { routes } from '../../ui/routes.ts'
import { time } from '../../ui/text.ts'
import { NO_FILTER } from '../runs/filter.ts'
import { filterRequest } from '../runs/request.ts'

/** How many runs of the same job are offered. */
const OFFERED = 15

/** Asks which run to put beside this one: a recent one of the same job, or any by its number. */
export function compareWith(signal: AbortSignal, run: Run): void {
  const list = document.createElement('div')
  const go = (other: string) => {
    modal.close()
    navigate(pathTo(routes.compare, { id: run.id, other }))
  }
  const submit = () => {
    const input = modal.element.querySelector<HTMLInputElement>('#run-compare-id')
    const other = input?.value.trim().replace(/^#/, '') ?? ''
    if (input && !/^\d{1,19}$/.test(other)) fieldError(input, t('compare.with.bad'))
    else go(other)
  }
  const modal = openModal(signal, {
    title: t('compare.with', { id: run.id }),
    body: html`<label class="form-label" for="run-compare-id">${t('compare.with.id')}</label>
      <div class="input-group mb-3">
        <input
          type="text"
          class="form-control"
          id="run-compare-id"
          inputmode="numeric"
          autocomplete="off"
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && !event.isComposing && submit()}
        />
        <button type="button" class="btn btn-primary" @click=${submit}>${t('runs.compare')}</button>
      </div>
      ${list}`,
    close: t('action.cancel'),
  })
  const filter = filterRequest({ ...NO_FILTER, jobId: run.jobId }, nowShown())
  listRuns({ filter, cursor: '', at: '', size: OFFERED + 1 }).then(
    ({ runs }) =>
      render(
        html`<h3 class="ops-panel-sub">${t('compare.with.same')}</h3>
          <ul class="ops-plain-list ops-compare-offers">
            ${runs
              .filter(({ id }) => id !== run.id)
              .slice(0, OFFERED)
              .map(
                (other) => html`<li>
                  <button type="button" class="btn btn-sm btn-link" @click=${() => go(other.id)}>${other.id}</button>
                  ${runState(other.state)} ${time(other.scheduledFor === '' ? other.createdAt : other.scheduledFor)}
                </li>`,
              )}
          </ul>
          ${runs.length <= 1 ? html`<p class="ops-soft">${t('compare.with.none')}</p>` : nothing}`,
        list,
      ),
    (thrown) => render(html`<p class="ops-bad">${failureText(Failure.of(thrown))}</p>`, list),
  )
}
