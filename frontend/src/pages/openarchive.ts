import { html, nothing, render, type TemplateResult } from 'lit-html'
import { chooseArchive, forgetArchive, openArchive, type RecentArchive, recentArchives } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { mayLeave } from '../lib/leave.ts'
import { t } from '../text/text.ts'
import { fieldError } from '../ui/form.ts'
import { foreign, time } from '../ui/text.ts'

/** How many of the archives that were opened before are shown. */
const SHOWN = 6

/** The card of the first screen that opens an archive: one that was open before, a path, or the system's own dialog. */
export function archiveCard(signal: AbortSignal): TemplateResult {
  const form = document.createElement('form')
  form.noValidate = true
  let busy = false
  let recent: readonly RecentArchive[] = []
  const list = document.createElement('div')
  const field = () => form.elements.namedItem('path') as HTMLInputElement

  async function open(path: string, expect = ''): Promise<void> {
    if (busy || path === '' || !(await mayLeave())) return
    busy = true
    draw()
    try {
      await openArchive(path, expect)
    } catch (thrown) {
      if (!signal.aborted) fieldError(field(), failureText(Failure.of(thrown)))
    }
    busy = false
    if (!signal.aborted) draw()
  }

  /** Lets the operator pick a file; where one was moved, only that will do. */
  async function choose(expect = ''): Promise<void> {
    try {
      const path = await chooseArchive(t('archive.open.title'), t('archive.open.kind'))
      if (path === '' || signal.aborted) return
      field().value = path
      await open(path, expect)
    } catch (thrown) {
      if (!signal.aborted) fieldError(field(), failureText(Failure.of(thrown)))
    }
  }

  /** Reads what was opened before. Without it there is still the field. */
  async function read(from: () => Promise<readonly RecentArchive[]>): Promise<void> {
    recent = (await from().catch(() => recent)).slice(0, SHOWN)
    if (!signal.aborted) draw()
  }

  function draw(): void {
    render(recent.length === 0 ? nothing : recentList(), list)
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

  function recentList(): TemplateResult {
    return html`<h4 class="h6 mt-3">${t('archive.recent')}</h4>
      <ul class="ops-recent">
        ${recent.map(
          (one) => html`<li>
            ${
              one.there
                ? html`<button type="button" class="btn btn-link" ?disabled=${busy} @click=${() => void open(one.path)}>
                    ${foreign(one.name, { max: 60 })}
                  </button>`
                : html`<span>${foreign(one.name, { max: 60 })}</span>`
            }
            <span class="ops-soft ops-recent-path">${foreign(one.path)}</span>
            ${
              one.there
                ? html`<span class="ops-soft">${time(one.openedAt)}</span>`
                : html`<span class="ops-warn">${t('archive.recent.gone')}</span>
                    <button type="button" class="btn btn-sm btn-outline-secondary" ?disabled=${busy} @click=${() => void choose(one.id)}>
                      ${t('archive.recent.find')}
                    </button>`
            }
            <button
              type="button"
              class="btn btn-sm btn-outline-secondary"
              title=${t('archive.task.forget')}
              aria-label=${`${t('archive.task.forget')}: ${one.name}`}
              @click=${() => void read(() => forgetArchive(one.path))}
            >
              <i class="bi bi-x-lg" aria-hidden="true"></i>
            </button>
          </li>`,
        )}
      </ul>`
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void open(field().value.trim())
  })
  draw()
  void read(recentArchives)
  return html`<section class="ops-card ops-card-archive" aria-labelledby="ops-archive-title">
    <h3 class="h6" id="ops-archive-title"><i class="bi bi-archive" aria-hidden="true"></i> ${t('archive.open.title')}</h3>
    <p>${t('archive.open.about')} ${t('archive.open.drop')}</p>
    ${form}${list}
  </section>`
}
