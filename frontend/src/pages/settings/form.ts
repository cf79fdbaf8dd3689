import { html, nothing, render, type TemplateResult } from 'lit-html'
import { checkSetting, type Setting } from '../../api/settings.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { boundsWords, truthy } from './words.ts'

export interface SettingForm {
  readonly element: HTMLElement
  /** Puts back what was typed, with what the database has against it. A secret has to be typed anew. */
  refuse(typed: string, message: string): void
}

/**
 * The field for a setting's new value, as its type wants it. Go checks what was typed and makes the value of it; `set` gets
 * that as JSON text. A secret starts empty, because nobody can see the one that is there.
 */
export function createSettingForm(
  signal: AbortSignal,
  setting: Setting,
  events: { set(value: string, typed: string): void; reset(): void },
): SettingForm {
  const element = document.createElement('form')
  element.className = 'ops-setting-form'
  element.noValidate = true
  let busy = false
  const field = () => element.elements.namedItem('value') as HTMLInputElement | HTMLSelectElement

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    if (busy) return
    busy = true
    try {
      const typed = field().value
      const value = await checkSetting(setting.key, typed)
      if (!signal.aborted) events.set(value, typed)
    } catch (thrown) {
      if (signal.aborted) return
      fieldError(field(), failureText(Failure.of(thrown)))
      field().focus()
    } finally {
      busy = false
    }
  }

  element.addEventListener('submit', (event) => void submit(event), { signal })
  render(
    html`<label class="form-label" for="ops-setting-value">${t('settings.new')}</label>
      <div class="ops-setting-entry">
        <div class="ops-setting-input">${inputOf(setting)}</div>
        <button type="submit" class="btn btn-primary">${t('settings.set')}</button>
        ${
          setting.stored
            ? html`<button type="button" class="btn btn-outline-danger" @click=${events.reset}>${t('settings.reset')}</button>`
            : nothing
        }
      </div>
      ${boundsWords(setting) === '' ? nothing : html`<p class="ops-soft mb-0">${t('settings.bounds')}: ${boundsWords(setting)}</p>`}
      ${setting.secret ? html`<p class="ops-soft mb-0">${t('settings.new.secret')}</p>` : nothing}`,
    element,
  )
  return {
    element,
    refuse(typed, message) {
      if (!setting.secret) field().value = typed
      fieldError(field(), message)
      field().focus()
    },
  }
}

function inputOf(setting: Setting): TemplateResult {
  const current = setting.stored && setting.readable ? setting.value : setting.secret ? '' : setting.default
  const option = (value: string, label: string, selected: boolean) =>
    html`<option value=${value} ?selected=${selected}>${label}</option>`
  if (setting.type === 'boolean') {
    const on = truthy(current)
    return html`<select class="form-select" id="ops-setting-value" name="value">
      ${option('true', t('settings.on'), on)}${option('false', t('settings.off'), !on)}
    </select>`
  }
  if (setting.type === 'choice') {
    return html`<select class="form-select" id="ops-setting-value" name="value">
      ${setting.choices.map((c) => option(c, visible(c), c === current))}
    </select>`
  }
  const number = setting.type === 'integer' || setting.type === 'decimal'
  return html`<input
    class="form-control ops-mono"
    id="ops-setting-value"
    name="value"
    type=${setting.secret ? 'password' : 'text'}
    inputmode=${number ? 'decimal' : 'text'}
    autocomplete=${setting.secret ? 'new-password' : 'off'}
    spellcheck="false"
    .value=${current}
  />`
}
