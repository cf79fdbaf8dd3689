import { html, render } from 'lit-html'
import { type Preview, planIngestEvent } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import type { Action } from '../../ui/menu.ts'
import { openModal } from '../../ui/modal.ts'
import { operate } from '../operate.ts'

/** What can be done with events. */
export function eventActions(signal: AbortSignal, types: () => readonly string[], done: () => void): Action[] {
  if (!may('operate')) return []
  return [{ label: t('events.ingest'), icon: 'bi-lightning', run: () => askForEvent(signal, types(), done) }]
}

/** The fields that a refused event should be corrected at. */
const FIELDS: Readonly<Record<string, string>> = {
  'event.bad_type': 'type',
  'event.bad_key': 'key',
  'json.bad': 'payload',
  'json.bad_character': 'payload',
  'json.no_document': 'payload',
  'json.long': 'payload',
}

/** Asks for an event. What is wrong with it stands at its field; what is right goes on to the dialog of the operation. */
function askForEvent(signal: AbortSignal, types: readonly string[], done: () => void): void {
  let next: (() => void) | undefined
  let busy = false
  const form = document.createElement('form')
  form.noValidate = true
  form.id = 'ops-ingest'
  const modal = openModal(signal, {
    title: t('events.ingest.title'),
    body: html`${form}`,
    close: t('action.cancel'),
    footer: html`<button type="submit" form="ops-ingest" class="btn btn-primary">${t('events.ingest.next')}</button>`,
    onClose: () => !signal.aborted && next?.(),
  })
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    if (busy) return
    busy = true
    const [type, payload, key] = [field('type').value.trim(), field('payload').value, field('key').value.trim()]
    const plan = () => planIngestEvent(type, payload, key)
    try {
      let first: Preview | undefined = await plan()
      next = () =>
        operate(signal, {
          title: t('events.ingest.title'),
          verb: t('events.ingest'),
          async plan() {
            const preview = first ?? (await plan())
            first = undefined
            return preview
          },
          done,
        })
      modal.close()
    } catch (thrown) {
      const failure = Failure.of(thrown)
      const name = Object.hasOwn(FIELDS, failure.reason) ? FIELDS[failure.reason] : undefined
      const wrong = field(name ?? 'type')
      fieldError(wrong, failureText(failure))
      wrong.focus()
    } finally {
      busy = false
    }
  }

  form.addEventListener('submit', (event) => void submit(event))
  render(
    html`<div class="mb-3">
        <label class="form-label" for="ops-ingest-type">${t('events.column.type')}</label>
        <input class="form-control ops-mono" id="ops-ingest-type" name="type" list="ops-ingest-types" maxlength="128" autocomplete="off" spellcheck="false" />
        <datalist id="ops-ingest-types">${types.map((value) => html`<option value=${value}></option>`)}</datalist>
      </div>
      <div class="mb-3">
        <label class="form-label" for="ops-ingest-payload">${t('events.ingest.payload')}</label>
        <textarea class="form-control ops-mono" id="ops-ingest-payload" name="payload" rows="6" spellcheck="false" .value=${'{}'}></textarea>
      </div>
      <div>
        <label class="form-label" for="ops-ingest-key">${t('events.column.dedupe')}</label>
        <input class="form-control ops-mono" id="ops-ingest-key" name="key" maxlength="200" autocomplete="off" spellcheck="false" aria-describedby="ops-ingest-key-about" />
        <p class="ops-soft mb-0" id="ops-ingest-key-about">${t('events.ingest.key.about')}</p>
      </div>`,
    form,
  )
}
