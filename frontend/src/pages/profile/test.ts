import { html, nothing, type TemplateResult } from 'lit-html'
import type { Found } from '../../api/profiles.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { panel } from '../../ui/page.ts'

/** How far a test is. */
export interface TestState {
  readonly phase: 'none' | 'running' | 'over'
  readonly found: readonly Found[]
  /** Why it could not begin. */
  readonly failure?: Failure
}

/** Why another PostgreSQL than the known one is refused. */
const SWAPPED = 'postgres.swapped'

const LOOKS: Readonly<Record<string, readonly [icon: string, tone: string]>> = {
  ok: ['bi-check-circle-fill', 'good'],
  warning: ['bi-exclamation-triangle-fill', 'warning'],
  failed: ['bi-x-octagon-fill', 'danger'],
  skipped: ['bi-dash-circle', 'skipped'],
}

/** The parts of the environment, one after the other, with what was found and what to do. */
export function testPanel(state: TestState, events: TestEvents): TemplateResult {
  const running = state.phase === 'running'
  const button = running
    ? html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${events.stop}>${t('profile.test.stop')}</button>`
    : html`<button type="button" class="btn btn-sm btn-outline-primary" @click=${events.start}>
        <i class="bi bi-clipboard-pulse" aria-hidden="true"></i> ${t('profile.test.start')}
      </button>`
  return panel(
    t('profile.test'),
    html`${state.phase === 'none' ? html`<p class="ops-soft mb-0">${t('profile.test.about')}</p>` : nothing}
      ${state.failure ? html`<div class="ops-card-error" role="alert">${failureText(state.failure)}</div>` : nothing}
      <ol class="ops-findings" aria-live="polite" aria-busy=${running}>
        ${state.found.map((found) => row(found, events))}
        ${running ? html`<li class="ops-soft"><i class="bi bi-hourglass-split" aria-hidden="true"></i> ${t('profile.test.running')}</li>` : nothing}
      </ol>
      ${state.phase === 'over' && !state.failure ? html`<p class="ops-findings-end" role="status">${verdict(state.found)}</p>` : nothing}`,
    button,
  )
}

/** What an operator does with a test. `accept` is for another PostgreSQL than the known one; absent where nothing is saved yet. */
export interface TestEvents {
  start(): void
  stop(): void
  accept?(found: Found): void
}

function row(found: Found, { accept }: TestEvents): TemplateResult {
  const [icon, tone] = LOOKS[found.state] ?? ['bi-question-circle', 'warning']
  return html`<li class="ops-finding ops-finding-${tone}">
    <i class="bi ${icon}" aria-hidden="true"></i>
    <div>
      <b>${tryText(`doctor.check.${found.name}`, {}) ?? visible(found.name)}</b>
      <span class="ops-soft">${tryText(`profile.test.state.${found.state}`, {}) ?? visible(found.state)}</span>
      ${found.failure ? html`<div>${failureText(found.failure)}</div>` : nothing}
      ${
        accept && found.failure?.reason === SWAPPED
          ? html`<button type="button" class="btn btn-sm btn-outline-danger mt-1" @click=${() => accept(found)}>
              ${t('profile.test.accept')}
            </button>`
          : nothing
      }
    </div>
  </li>`
}

function verdict(found: readonly Found[]): string {
  if (found.some(({ state }) => state === 'failed')) return t('profile.test.failed')
  return found.some(({ state }) => state === 'warning') ? t('profile.test.warned') : t('profile.test.passed')
}
