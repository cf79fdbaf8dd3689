import { html, nothing, render } from 'lit-html'
import { copyText } from '../api/bridge.ts'
import { logFile, saveBundle, suggestBundle } from '../api/diagnostics.ts'
import { session } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { visible } from '../lib/hostile.ts'
import { preferences } from '../lib/preferences.ts'
import { t } from '../text/text.ts'
import { openModal } from '../ui/modal.ts'
import { notifyError, notifySuccess } from '../ui/notify.ts'

/** The help of the program: its version, its log, and a bundle for whoever helps. */
export function openHelp(signal: AbortSignal): void {
  const body = document.createElement('div')
  let log: string | undefined
  let maskHosts = true
  let busy = false
  /** Typed where the system has no dialog; undefined while it may have one. */
  let typed: string | undefined
  openModal(signal, { title: t('help.title'), body: html`${body}`, size: 'lg' })

  async function save(event: Event): Promise<void> {
    event.preventDefault()
    busy = true
    draw()
    try {
      const { language, theme, zone } = preferences()
      const path = await saveBundle({
        maskHosts,
        title: t('help.bundle'),
        path: typed ?? '',
        settings: { language, theme, zone, agent: navigator.userAgent },
      })
      if (path !== '') notifySuccess(t('help.saved', { path: visible(path) }))
    } catch (thrown) {
      const failure = Failure.of(thrown)
      if (failure.reason === 'export.no_dialog') typed = await suggestBundle()
      else notifyError(failureText(failure))
    }
    busy = false
    draw()
  }

  async function copyLog(): Promise<void> {
    if (log && (await copyText(log))) notifySuccess(t('help.logCopied'))
  }

  function draw(): void {
    render(
      html`<p>${t('help.version', { version: session().version })}</p>
        ${
          log
            ? html`<p class="ops-help-log">${t('help.log')} <code class="ops-wrap">${visible(log)}</code>
                <button type="button" class="btn btn-sm btn-outline-secondary" @click=${copyLog}>
                  <i class="bi bi-clipboard" aria-hidden="true"></i> ${t('help.copy')}
                </button></p>`
            : nothing
        }
        <h3 class="h6">${t('help.bundle')}</h3>
        <p class="ops-soft">${t('help.bundleAbout')}</p>
        <form @submit=${save}>
          <div class="form-check">
            <input
              class="form-check-input"
              type="checkbox"
              id="ops-help-hosts"
              .checked=${maskHosts}
              @change=${(event: Event) => {
                maskHosts = (event.target as HTMLInputElement).checked
              }}
            />
            <label class="form-check-label" for="ops-help-hosts">${t('help.maskHosts')}</label>
          </div>
          ${
            typed === undefined
              ? nothing
              : html`<label class="form-label" for="ops-help-path">${t('help.path')}</label>
                  <input
                    class="form-control ops-mono"
                    id="ops-help-path"
                    spellcheck="false"
                    .value=${typed}
                    @input=${(event: Event) => {
                      typed = (event.target as HTMLInputElement).value
                    }}
                  />`
          }
          <button type="submit" class="btn btn-primary mt-3" ?disabled=${busy}>
            <i class="bi bi-file-earmark-zip" aria-hidden="true"></i> ${t('help.save')}
          </button>
        </form>`,
      body,
    )
  }

  draw()
  void logFile().then(
    (path) => {
      log = path
      draw()
    },
    () => undefined, // without it the rest of the help is as good
  )
}
