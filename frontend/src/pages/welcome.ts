import { html, nothing, render, type TemplateResult } from 'lit-html'
import { closeEnvironment, onSession, type Sandbox, session, startSandbox, type ThemeProblem } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { count } from '../lib/format.ts'
import { visible } from '../lib/hostile.ts'
import { type Page, pathTo } from '../lib/router.ts'
import { t, tryText } from '../text/text.ts'
import { environment } from '../ui/badge.ts'
import { confirm } from '../ui/confirm.ts'
import { notifyError } from '../ui/notify.ts'
import { facts, pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { foreign } from '../ui/text.ts'
import { archiveCard } from './openarchive.ts'
import { profileList } from './welcome/profiles.ts'

/** The first screen: what can be opened, and how far the sandbox is with starting. */
export const welcomePage: Page = (host, signal) => {
  const frame = pageFrame(host, t('welcome.title'), { lead: t('welcome.lead') })
  const archives = archiveCard(signal)
  const profiles = document.createElement('div')
  profiles.className = 'ops-profiles-list'
  profileList(profiles, signal)
  let busy = false

  async function act(action: () => Promise<unknown>): Promise<void> {
    busy = true
    draw()
    try {
      await action()
    } catch (thrown) {
      notifyError(failureText(Failure.of(thrown)))
    }
    busy = false
    if (!signal.aborted) draw()
  }

  async function stop(): Promise<void> {
    const sure = await confirm(signal, {
      title: t('sandbox.stopTitle'),
      body: t('sandbox.stopBody'),
      verb: t('sandbox.stop'),
      danger: true,
    })
    if (sure) await act(closeEnvironment)
  }

  const start = () => html`<button
    type="button"
    class="btn btn-primary"
    ?disabled=${busy}
    @click=${() => void act(startSandbox)}
  >
    <i class="bi bi-play-fill" aria-hidden="true"></i> ${t('sandbox.start')}
  </button>`
  const stopButton = (run: () => void) => html`<button
    type="button"
    class="btn btn-outline-secondary"
    ?disabled=${busy}
    @click=${run}
  >
    <i class="bi bi-stop-fill" aria-hidden="true"></i> ${t('sandbox.stop')}
  </button>`
  const open = () => html`<a class="btn btn-primary" href=${pathTo(routes.dashboard)}>
    <i class="bi bi-speedometer2" aria-hidden="true"></i> ${t('sandbox.open')}
  </a>`

  function actions(phase: Sandbox['phase']): TemplateResult {
    if (phase === 'running') return html`${open()}${stopButton(() => void stop())}`
    // Nothing runs on it yet, so what is being started is stopped without asking.
    if (phase === 'starting') return stopButton(() => void act(closeEnvironment))
    return start()
  }

  function draw(): void {
    const { sandbox, theme } = session()
    render(
      html`<div class="ops-welcome">
        ${profiles}
        <section class="ops-card" aria-labelledby="ops-sandbox-title">
          <div class="ops-card-head">
            <h3 class="h6 mb-0" id="ops-sandbox-title">${environment('sandbox', '')}</h3>
            <span class="ops-soft" role="status">${t(`sandbox.phase.${sandbox.phase}`)}</span>
          </div>
          <p>${t('sandbox.about')}</p>
          <div class="ops-card-state">${state(sandbox)}</div>
          <div class="ops-card-actions">${actions(sandbox.phase)}</div>
        </section>
        ${archives}
        ${themeCard(theme)}
      </div>`,
      frame.body,
    )
  }

  onSession(signal, draw)
  draw()
}

/** What of the organisation's theme was left out, for whoever keeps it. */
function themeCard(problems: readonly ThemeProblem[]): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing
  return html`<section class="ops-card ops-card-theme" aria-labelledby="ops-theme-title">
    <h3 class="h6" id="ops-theme-title">${t('theme.title')}</h3>
    <p>${t('theme.about')}</p>
    <ul class="ops-theme-problems">
      ${problems.map(
        ({ file, what, cause }) => html`<li>
          <b>${file === '' ? t('theme.folder') : foreign(file)}</b> ${tryText(`theme.what.${what}`, {}) ?? visible(what)}
          <div class="ops-soft">${foreign(cause)}</div>
        </li>`,
      )}
    </ul>
  </section>`
}

/** How far the sandbox is, whom its database takes the operator for, or why it did not start and what to do. */
function state(sandbox: Sandbox): TemplateResult | typeof nothing {
  if (sandbox.phase === 'starting') {
    const step = tryText(`sandbox.step.${sandbox.step}`, {}) ?? visible(sandbox.step)
    const of = sandbox.total > 0 && t('sandbox.progressOf', { done: count(sandbox.done), total: count(sandbox.total) })
    return html`<progress
        aria-label=${t('sandbox.progress')}
        max=${sandbox.total > 0 ? sandbox.total : nothing}
        value=${sandbox.total > 0 ? sandbox.done : nothing}
      ></progress>
      <div aria-live="polite">${step}${of ? html` <span class="ops-soft">${of}</span>` : nothing}</div>`
  }
  if (sandbox.failure) {
    return html`<div class="ops-card-error" role="alert">
      ${failureText(sandbox.failure)}
      <div class="ops-soft">${t('sandbox.reset')}</div>
    </div>`
  }
  const { environment: opened } = session()
  return opened && !opened.archive
    ? facts([
        [t('frame.operator'), foreign(opened.login)],
        [t('welcome.database'), foreign(opened.database)],
      ])
    : nothing
}
