import { html, render } from 'lit-html'
import { removeWatch, setWatch, type Watched } from '../../api/watches.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { cut, visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { openModal } from '../../ui/modal.ts'
import { notifySuccess } from '../../ui/notify.ts'

/** After how many minutes a start may be called late. */
const LATE = [1, 5, 15, 60]

/** Asks what to tell of a job; nothing chosen is nothing watched. */
export function watchJob(signal: AbortSignal, { id, name }: { id: string; name: string }, now?: Watched): void {
  const form = document.createElement('form')
  const job = visible(cut(name, 80).text)
  const late = now && now.lateMinutes > 0 ? now.lateMinutes : 5
  const box = (field: string, label: string, checked: boolean) =>
    html`<div class="form-check">
      <input class="form-check-input" type="checkbox" id="ops-watch-${field}" name=${field} .checked=${checked} />
      <label class="form-check-label" for="ops-watch-${field}">${label}</label>
    </div>`
  const field = (called: string) => form.elements.namedItem(called) as HTMLInputElement

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    const chosen = {
      fails: field('fails').checked,
      ends: field('ends').checked,
      lateMinutes: field('late').checked ? Number(field('minutes').value) : 0,
    }
    const nothing = !chosen.fails && !chosen.ends && chosen.lateMinutes === 0
    try {
      if (nothing && now) await removeWatch({ kind: 'job', id })
      else await setWatch({ kind: 'job', id, name: cut(name, 100).text, ...chosen })
      notifySuccess(nothing ? t('watching.stopped') : t('watching.begun', { what: job }))
      modal.close()
    } catch (thrown) {
      if (!signal.aborted) fieldError(field('minutes'), failureText(Failure.of(thrown)))
    }
  }

  form.id = 'ops-watch-job'
  form.noValidate = true
  form.addEventListener('submit', (event) => void save(event))
  const modal = openModal(signal, {
    title: t('watching.job.title', { job }),
    body: html`${form}`,
    close: t('action.cancel'),
    footer: html`<button type="submit" form="ops-watch-job" class="btn btn-primary">${t('watching.save')}</button>`,
  })
  render(
    html`<fieldset class="ops-watch-choices">
      <legend class="h6">${t('watching.job.when')}</legend>
      ${box('fails', t('watching.job.fails'), now?.fails ?? true)} ${box('ends', t('watching.job.ends'), now?.ends ?? false)}
      ${box('late', t('watching.job.late'), (now?.lateMinutes ?? 0) > 0)}
      <label class="form-label mt-2" for="ops-watch-minutes">${t('watching.job.minutes')}</label>
      <select class="form-select" id="ops-watch-minutes" name="minutes">
        ${[...new Set([...LATE, late])]
          .sort((a, b) => a - b)
          .map((n) => html`<option value=${n} .selected=${n === late}>${t('watching.job.after', { n })}</option>`)}
      </select>
    </fieldset>
    <p class="ops-soft mt-3 mb-0">${t('watching.about')}</p>`,
    form,
  )
}
