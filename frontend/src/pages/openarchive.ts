import { html, render, type TemplateResult } from 'lit-html'
import { chooseArchive, openArchive } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { mayLeave } from '../lib/leave.ts'
import { t } from '../text/text.ts'
import { fieldError } from '../ui/form.ts'

/** The card of the first screen that opens an archive: a path, or the system's own dialog. */
export function archiveCard(signal: AbortSignal): TemplateResult {
  const form = document.createElement('form')
  form.noValidate = true
  let busy = false
  const field = () => form.elements.namedItem('path') as HTMLInputElement

  async function open(path: string): Promise<void> {
    if (busy || path === '' || !(await mayLeave())) return
    busy = true
    draw()
    try {
      await openArchive(path)
    } catch (thrown) {
      if (!signal.aborted) fieldError(field(), failureText(Failure.of(thrown)))
    }
    busy = false
    if (!signal.aborted) draw()
  }

  async function choose(): Promise<void> {
    try {
      const path = await chooseArchive(t('archive.open.title'), t('archive.open.kind'))
      if (path === '' || signal.aborted) return
      field().value = path
      await open(path)
    } catch (thrown) {
      if (!signal.aborted) fieldError(field(), failureText(Failure.of(thrown)))
    }
  }

  function draw(): void {
    render(
      html`<label class="form-label" for="ops-archive-path">${t('archive.open.path')}</label>
        <div class="ops-setting-entry">
          <div class="ops-setting-input">
            <input
              class="form-control ops-mono"
              id="ops-archive-path"
              name="path"
              autocomplete="off"
              spellcheck="false"
              ?disabled=${busy}
            />
          </div>
          <button type="submit" class="btn btn-primary" ?disabled=${busy}>${t('archive.open.do')}</button>
          <button type="button" class="btn btn-outline-secondary" ?disabled=${busy} @click=${() => void choose()}>
            ${t('export.choose')}
          </button>
        </div>`,
      form,
    )
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void open(field().value.trim())
  })
  draw()
  return html`<section class="ops-card ops-card-archive" aria-labelledby="ops-archive-title">
    <h3 class="h6" id="ops-archive-title"><i class="bi bi-archive" aria-hidden="true"></i> ${t('archive.open.title')}</h3>
    <p>${t('archive.open.about')} ${t('archive.open.drop')}</p>
    ${form}
  </section>`
}
