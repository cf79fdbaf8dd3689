import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { type PlainKey, t, tryText } from '../../text/text.ts'
import { swatch } from '../../ui/badge.ts'
import { panel } from '../../ui/page.ts'
import { type Draft, type Kept, type Typed, withKind } from './draft.ts'
import { type Field, isHidden, SECTIONS, type Section } from './fields.ts'

export interface FormState {
  readonly draft: Draft
  /** What is wrong, by field, in words. */
  readonly errors: ReadonlyMap<string, string>
  readonly kept: Kept
  readonly typed: Readonly<Typed>
  /** What was typed as the address of a server. */
  readonly urls: Readonly<Record<string, string>>
}

export interface FormEvents {
  change(draft: Draft, field: string): void
  secret(name: string, value: string | null | undefined): void
  url(section: string, text: string): void
  readURL(section: 'postgres' | 'redis'): void
  /** Forgets all secrets that are kept. */
  forget(): void
}

/** The most that a file of certificates or a key may hold, in bytes. */
const MAX_FILE = 256 * 1024

/** The form of a profile, a panel a section. */
export function profileForm(state: FormState, events: FormEvents): TemplateResult {
  return html`${SECTIONS.map((section) => sectionOf(section, state, events))}`
}

function sectionOf(section: Section, state: FormState, events: FormEvents): TemplateResult {
  const fields = section.fields.filter((field) => field.when?.(state.draft, state.kept) ?? true)
  return panel(
    t(`profile.section.${section.name}`),
    html`<p class="ops-soft">${t(`profile.section.${section.name}.about`)}</p>
      ${section.url ? urlField(section.name as 'postgres' | 'redis', state, events) : nothing}
      <div class="ops-form-grid">${fields.map((field) => fieldOf(field, state, events))}</div>
      ${section.name === 'secrets' && isAnythingKept(state.kept) ? forgetButton(events) : nothing}`,
  )
}

/** What nobody can read, such as a damaged file, can be forgotten too. */
const isAnythingKept = ({ names, unknown }: Kept) => names.length > 0 || unknown

function forgetButton(events: FormEvents): TemplateResult {
  return html`<button type="button" class="btn btn-sm btn-outline-secondary ops-profile-forget" @click=${events.forget}>
    <i class="bi bi-eraser" aria-hidden="true"></i> ${t('profile.forget')}
  </button>`
}

/** An address that fills the fields below it. */
function urlField(name: 'postgres' | 'redis', state: FormState, events: FormEvents): TemplateResult {
  const id = `profile-url-${name}`
  const error = state.errors.get(`url.${name}`)
  return html`<div class="ops-form-field ops-profile-url">
    <label class="form-label" for=${id}>${t(`profile.url.${name}`)}</label>
    <div class="input-group input-group-sm">
      <input
        class="form-control ops-mono ${error ? 'is-invalid' : ''}"
        id=${id}
        autocomplete="off"
        spellcheck="false"
        placeholder=${name === 'postgres' ? 'postgres://user@host:5432/database' : 'rediss://user@host:6379/0'}
        aria-invalid=${error ? 'true' : nothing}
        aria-describedby=${error ? `${id}-error` : nothing}
        .value=${live(state.urls[name] ?? '')}
        @input=${(event: Event) => events.url(name, textOf(event))}
      />
      <button
        type="button"
        class="btn btn-outline-secondary"
        ?disabled=${(state.urls[name] ?? '') === ''}
        @click=${() => events.readURL(name)}
      >
        ${t('profile.url.read')}
      </button>
    </div>
    ${errorNote(id, error)}
  </div>`
}

function fieldOf(field: Field, state: FormState, events: FormEvents): TemplateResult {
  const id = idOf(field.name)
  const error = state.errors.get(field.name)
  const wide = field.wide || field.kind === 'pem' || field.kind === 'secretPem'
  const hint = tryText(`profile.hint.${field.name}`, {})
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter((x) => x !== '').join(' ')
  const attributes: Attributes = { id, name: field.name, invalid: error !== undefined, described }
  if (field.kind === 'switch') return switchField(field, attributes, state, events)
  return html`<div class=${wide ? 'ops-form-field ops-field-wide' : 'ops-form-field'}>
    <label class="form-label" for=${id}>${labelOf(field)}</label>
    ${isHidden(field) ? secretInput(field, attributes, state, events) : input(field, attributes, state, events)}
    ${hint ? html`<div class="form-text" id=${`${id}-hint`}>${hint}</div>` : nothing} ${errorNote(id, error)}
  </div>`
}

interface Attributes {
  id: string
  name: string
  invalid: boolean
  described: string
}

function input(field: Field, a: Attributes, { draft }: FormState, events: FormEvents): TemplateResult {
  const value = String(draft[field.name] ?? '')
  const set = (next: string) => events.change({ ...draft, [field.name]: next }, field.name)
  if (field.kind === 'choice') {
    const choose = (next: string) => (field.name === 'kind' ? events.change(withKind(draft, next), 'kind') : set(next))
    return html`<div class="ops-profile-choice">
      ${field.name === 'color' ? swatch(value) : nothing}
      <select
        class="form-select form-select-sm ${a.invalid ? 'is-invalid' : ''}"
        id=${a.id}
        name=${a.name}
        aria-describedby=${a.described || nothing}
        .value=${live(value)}
        @change=${(event: Event) => choose(textOf(event))}
      >
        ${field.options?.map((o) => html`<option value=${o} .selected=${o === value}>${optionText(field, o)}</option>`)}
      </select>
    </div>`
  }
  if (field.kind === 'lines' || field.kind === 'pem') {
    const rows = field.kind === 'pem' ? 3 : 2
    return html`<textarea
        class="form-control form-control-sm ops-mono ${a.invalid ? 'is-invalid' : ''}"
        id=${a.id}
        name=${a.name}
        rows=${rows}
        spellcheck="false"
        aria-describedby=${a.described || nothing}
        .value=${live(value)}
        @input=${(event: Event) => set(textOf(event))}
      ></textarea>
      ${field.kind === 'pem' ? filePicker(field, set) : nothing}`
  }
  return html`<input
    class="form-control form-control-sm ${a.invalid ? 'is-invalid' : ''}"
    id=${a.id}
    name=${a.name}
    autocomplete="off"
    spellcheck="false"
    aria-invalid=${a.invalid ? 'true' : nothing}
    aria-describedby=${a.described || nothing}
    .value=${live(value)}
    @input=${(event: Event) => set(textOf(event))}
  />`
}

/** A secret can be typed, replaced and removed; what is kept is never shown. */
function secretInput(field: Field, a: Attributes, state: FormState, events: FormEvents): TemplateResult {
  const typed = state.typed[field.name]
  const kept = state.kept.names.includes(field.name)
  const tell = (next: string) => events.secret(field.name, next === '' ? undefined : next)
  const placeholder =
    typed === null ? t('profile.secret.removed') : kept ? t('profile.secret.kept') : t('profile.secret.none')
  const box =
    field.kind === 'secretPem'
      ? html`<textarea
          class="form-control form-control-sm ops-mono ${a.invalid ? 'is-invalid' : ''}"
          id=${a.id}
          name=${a.name}
          rows="3"
          autocomplete="off"
          spellcheck="false"
          placeholder=${placeholder}
          aria-describedby=${a.described || nothing}
          .value=${live(typed ?? '')}
          @input=${(event: Event) => tell(textOf(event))}
        ></textarea>`
      : html`<input
          type="password"
          class="form-control form-control-sm ${a.invalid ? 'is-invalid' : ''}"
          id=${a.id}
          name=${a.name}
          autocomplete="new-password"
          spellcheck="false"
          placeholder=${field.kind === 'passphrase' ? nothing : placeholder}
          aria-describedby=${a.described || nothing}
          .value=${live(typed ?? '')}
          @input=${(event: Event) => tell(textOf(event))}
        />`
  const remove = kept
    ? html`<button
        type="button"
        class="btn btn-sm btn-outline-secondary"
        @click=${() => events.secret(field.name, typed === null ? undefined : null)}
      >
        ${typed === null ? t('profile.secret.keep') : t('profile.secret.remove')}
        <span class="visually-hidden">${labelOf(field)}</span>
      </button>`
    : nothing
  return html`${box}${field.kind === 'secretPem' ? filePicker(field, tell) : nothing}${remove}`
}

function switchField(field: Field, a: Attributes, { draft }: FormState, events: FormEvents): TemplateResult {
  return html`<div class="form-check form-switch ops-form-switch">
    <input
      type="checkbox"
      role="switch"
      class="form-check-input"
      id=${a.id}
      name=${a.name}
      .checked=${live(draft[field.name] === true)}
      @change=${(event: Event) =>
        events.change({ ...draft, [field.name]: (event.target as HTMLInputElement).checked }, field.name)}
    />
    <label class="form-check-label" for=${a.id}>${labelOf(field)}</label>
  </div>`
}

/** Reads a small file into a field. */
function filePicker(field: Field, set: (text: string) => void): TemplateResult {
  const read = async (event: Event) => {
    const picker = event.target as HTMLInputElement
    const [file] = picker.files ?? []
    if (file && file.size <= MAX_FILE) set(await file.text())
    picker.value = '' // the same file may be picked again
  }
  return html`<input
    type="file"
    class="form-control form-control-sm ops-profile-file"
    accept=".pem,.crt,.cer,.key,text/plain"
    aria-label=${t('profile.file', { field: labelOf(field) })}
    @change=${read}
  />`
}

function errorNote(id: string, error: string | undefined): TemplateResult | typeof nothing {
  return error ? html`<div class="invalid-feedback d-block" id=${`${id}-error`} role="alert">${error}</div>` : nothing
}

const textOf = (event: Event) => (event.target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value

/** The id of a field's element. */
export const idOf = (name: string): string => `profile-${name.replace('.', '-')}`

export function labelOf(field: Field): string {
  return t(`profile.field.${field.name}` as PlainKey)
}

function optionText(field: Field, option: string): string {
  if (field.name === 'kind') return tryText(`environment.${option}`, {}) ?? option
  return tryText(`profile.option.${field.name}.${option}`, {}) ?? option
}
