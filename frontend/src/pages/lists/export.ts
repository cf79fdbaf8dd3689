import { html, nothing, render } from 'lit-html'
import {
  chooseFile,
  type ExportFormat,
  type ExportState,
  stepExport,
  stopExport,
  suggestList,
} from '../../api/exports.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { count } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { openModal } from '../../ui/modal.ts'
import { notifySuccess } from '../../ui/notify.ts'

export interface ExportOptions {
  /** Of the list, for the file's name. */
  name: string
  title: string
  /** What will be in the file, such as which filters narrow it. */
  about: string
  /** What kinds of files there are; csv and ndjson where nothing is said. */
  formats?: readonly ExportFormat[]
  start(format: ExportFormat, path: string): Promise<ExportState>
}

/** Asks where to, writes the file step by step, shows how far it is, and stops it when the operator leaves. */
export function openExport(signal: AbortSignal, options: ExportOptions): void {
  const form = document.createElement('form')
  form.noValidate = true
  form.id = 'ops-export'
  const button = document.createElement('span')
  const formats = options.formats ?? ['csv', 'ndjson']
  let format: ExportFormat = formats[0] ?? 'csv'
  let path = ''
  let limit = 0
  let state: ExportState | undefined
  let open = true
  const modal = openModal(signal, {
    title: options.title,
    body: html`${form}`,
    close: t('action.cancel'),
    footer: html`${button}`,
    onClose() {
      open = false
      if (state && !state.done) void stopExport(state.token).catch(() => undefined)
    },
  })
  const field = () => form.elements.namedItem('path') as HTMLInputElement

  function refuse(thrown: unknown): void {
    state = undefined
    if (!open) return
    draw()
    fieldError(field(), failureText(Failure.of(thrown)))
    field().focus()
  }

  async function suggest(): Promise<void> {
    try {
      const suggested = await suggestList(options.name, format)
      path = suggested.path
      limit = suggested.limit
      if (open) draw()
    } catch (thrown) {
      refuse(thrown)
    }
  }

  async function choose(): Promise<void> {
    try {
      const chosen = await chooseFile(options.name, format, options.title)
      if (chosen === '' || !open) return
      path = chosen
      draw()
    } catch (thrown) {
      refuse(thrown)
    }
  }

  async function write(event: Event): Promise<void> {
    event.preventDefault()
    if (state) return
    path = field().value.trim()
    try {
      state = await options.start(format, path)
      while (open && !state.done) {
        draw()
        state = await stepExport(state.token)
      }
    } catch (thrown) {
      refuse(thrown)
      return
    }
    if (!state.done) {
      await stopExport(state.token).catch(() => undefined)
      return
    }
    const done = { n: state.rows, path: visible(state.path) }
    notifySuccess(state.capped ? t('export.capped', done) : t('export.done', done))
    modal.close()
  }

  function formatField(busy: boolean) {
    return html`<div class="mb-3">
          <label class="form-label" for="ops-export-format">${t('export.format')}</label>
          <select
            class="form-select"
            id="ops-export-format"
            ?disabled=${busy}
            aria-describedby=${limit > 0 ? 'ops-export-limit' : nothing}
            @change=${(event: Event) => {
              format = (event.target as HTMLSelectElement).value as ExportFormat
              void suggest()
            }}
          >
            ${formats.map((f) => html`<option value=${f}>${t(`export.format.${f}`)}</option>`)}
          </select>
          ${limit > 0 ? html`<div class="form-text" id="ops-export-limit">${t('export.limit', { n: count(limit) })}</div>` : nothing}
        </div>`
  }

  function draw(): void {
    const busy = state !== undefined
    render(
      html`<p>${options.about}</p>
        ${formats.length > 1 ? formatField(busy) : nothing}
        <div>
          <label class="form-label" for="ops-export-path">${t('export.path')}</label>
          <div class="ops-setting-entry">
            <div class="ops-setting-input">
              <input
                class="form-control ops-mono"
                id="ops-export-path"
                name="path"
                autocomplete="off"
                spellcheck="false"
                ?disabled=${busy}
                .value=${path}
              />
            </div>
            <button type="button" class="btn btn-outline-secondary" ?disabled=${busy} @click=${() => void choose()}>
              ${t('export.choose')}
            </button>
          </div>
        </div>
        ${
          state
            ? html`<p class="mt-3 mb-0" role="status">
                <i class="bi bi-hourglass-split" aria-hidden="true"></i> ${t('export.progress', { rows: count(state.rows) })}
              </p>`
            : nothing
        }`,
      form,
    )
    render(
      html`<button type="submit" form="ops-export" class="btn btn-primary" ?disabled=${busy}>${t('export.write')}</button>`,
      button,
    )
  }

  form.addEventListener('submit', (event) => void write(event))
  draw()
  void suggest()
}
