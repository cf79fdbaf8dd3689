import { html, render } from 'lit-html'
import { type Preview, planIngestEvent } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { createJsonEditor } from '../../ui/jsoneditor.ts'
import type { Action } from '../../ui/menu.ts'
import { openModal } from '../../ui/modal.ts'
import { operate } from '../operate.ts'
import { type FieldRefusal, refusedField } from '../refusal.ts'

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

/** The fields by the columns that the gate names. */
const COLUMNS = { event_type: 'type', payload: 'payload', dedupe_key: 'key' }

/** An event as it was typed, and what the database had against it. */
interface Typed {
  readonly type: string
  readonly document: string
  readonly key: string
  readonly refusal: FieldRefusal
}

/** Asks for an event. What is wrong with it stands at its field; what is right goes on to the dialog of the operation. */
function askForEvent(signal: AbortSignal, types: readonly string[], done: () => void, typed?: Typed): void {
  let next: (() => void) | undefined
  let busy = false
  const life = new AbortController()
  const note = document.createElement('div')
  note.className = 'invalid-feedback d-block'
  note.id = 'ops-ingest-payload-error'
  note.setAttribute('role', 'alert')
  const payload = createJsonEditor(life.signal, {
    id: 'ops-ingest-payload',
    label: t('events.ingest.payload'),
    value: typed?.document ?? '{}',
    describedBy: note.id,
    onInput() {
      note.textContent = ''
      payload.mark(undefined)
    },
  })
  const form = document.createElement('form')
  form.noValidate = true
  form.id = 'ops-ingest'
  const modal = openModal(signal, {
    title: t('events.ingest.title'),
    body: html`${form}`,
    size: 'lg',
    close: t('action.cancel'),
    footer: html`<button type="submit" form="ops-ingest" class="btn btn-primary">${t('events.ingest.next')}</button>`,
    onClose() {
      life.abort()
      if (!signal.aborted) next?.()
    },
  })
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement

  /** Says what is wrong at the field that it is about; in a payload, at its place. */
  function refuse(failure: Failure): void {
    const name = Object.hasOwn(FIELDS, failure.reason) ? FIELDS[failure.reason] : 'type'
    refuseAt({ field: name ?? 'type', text: failureText(failure) })
    const [line, column] = [Number(failure.values['line'] ?? 0), Number(failure.values['column'] ?? 0)]
    if (name === 'payload' && line > 0) payload.mark({ line, column, message: failureText(failure) })
  }

  function refuseAt({ field: name, text }: FieldRefusal): void {
    if (name === 'payload') {
      note.textContent = text
      payload.focus()
    } else {
      fieldError(field(name), text)
      field(name).focus()
    }
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    if (busy) return
    busy = true
    const [type, document, key] = [field('type').value.trim(), payload.value(), field('key').value.trim()]
    const plan = () => planIngestEvent(type, document, key)
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
          correct(outcome) {
            const refusal = refusedField(outcome, COLUMNS)
            return refusal && (() => askForEvent(signal, types, done, { type, document, key, refusal }))
          },
          done,
        })
      modal.close()
    } catch (thrown) {
      refuse(Failure.of(thrown))
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
        ${payload.element}${note}
      </div>
      <div>
        <label class="form-label" for="ops-ingest-key">${t('events.column.dedupe')}</label>
        <input class="form-control ops-mono" id="ops-ingest-key" name="key" maxlength="200" autocomplete="off" spellcheck="false" aria-describedby="ops-ingest-key-about" />
        <p class="ops-soft mb-0" id="ops-ingest-key-about">${t('events.ingest.key.about')}</p>
      </div>`,
    form,
  )
  if (!typed) return
  field('type').value = typed.type
  field('key').value = typed.key
  modal.element.addEventListener('shown.bs.modal', () => refuseAt(typed.refusal), { once: true })
}
