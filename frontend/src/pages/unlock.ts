import { html, nothing, render, type TemplateResult } from 'lit-html'
import { lock, unlock } from '../api/operations.ts'
import { type Environment, onSession, session } from '../api/session.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { t } from '../text/text.ts'
import { environment } from '../ui/badge.ts'
import { openModal } from '../ui/modal.ts'
import { notifyError } from '../ui/notify.ts'
import { reasonText, resultText } from '../ui/operation/outcome.ts'

/** The times that are offered, in minutes, as far as the policy allows them. */
const TIMES = [15, 60, 240, 480]

/** The longest reason, in characters, as Go and the database have it. */
const MAX_REASON = 500

/** Why it was not unlocked, and where in the form that is. */
interface Problem {
  readonly field: '' | 'time' | 'reason'
  readonly text: string
}

/** Asks for how long, and why, the environment may be changed. */
export function openUnlock(signal: AbortSignal, done: () => void = () => undefined): void {
  const env = session().environment
  if (!env) return
  const body = document.createElement('div')
  const button = document.createElement('span')
  let minutes = 15
  let reason = ''
  let busy = false
  let problem: Problem | undefined
  let unlocked = false
  const life = new AbortController()
  const modal = openModal(signal, {
    title: t('unlock.title'),
    body: html`${body}`,
    footer: html`${button}`,
    close: t('action.cancel'),
    onClose: () => {
      life.abort()
      if (unlocked) done()
    },
  })
  const { generation } = session()
  onSession(life.signal, (now) => {
    if (now.generation !== generation) modal.close()
  })

  async function go(): Promise<void> {
    if (busy || reason.trim() === '') return
    busy = true
    problem = undefined
    draw()
    try {
      const outcome = await unlock(minutes, reason.trim())
      unlocked = outcome.result === 'done'
      if (unlocked) return modal.close()
      problem = { field: fieldOf(outcome.reason), text: `${resultText(outcome)} ${reasonText(outcome)}` }
    } catch (thrown) {
      const failure = Failure.of(thrown)
      problem = { field: fieldOf(failure.reason), text: failureText(failure) }
    }
    busy = false
    draw()
    if (problem.field === 'reason') body.querySelector('textarea')?.focus()
    if (problem.field === 'time') body.querySelector<HTMLElement>('input:checked')?.focus()
  }

  function draw(): void {
    if (!env) return
    render(
      html`<p>${environment(env.kind, env.name)}</p>
        <p>${t('unlock.about')}</p>
        ${
          problem?.field === ''
            ? html`<div class="ops-callout ops-callout-bad" role="alert">
                <i class="bi bi-exclamation-octagon-fill" aria-hidden="true"></i><div>${problem.text}</div>
              </div>`
            : nothing
        }
        <fieldset class="mb-3" aria-describedby=${problem?.field === 'time' ? 'ops-unlock-time-error' : nothing}>
          <legend class="form-label">${t('unlock.time')}</legend>
          ${times(env).map(
            (value) => html`<div class="form-check form-check-inline">
              <input
                class="form-check-input"
                type="radio"
                name="minutes"
                id=${`ops-unlock-${value}`}
                .checked=${value === minutes}
                ?disabled=${busy}
                @change=${() => {
                  minutes = value
                }}
              />
              <label class="form-check-label" for=${`ops-unlock-${value}`}>${timeText(value)}</label>
            </div>`,
          )}
          ${fieldError(problem, 'time')}
        </fieldset>
        <label class="form-label" for="ops-unlock-reason">${t('operation.reason')}</label>
        <textarea
          class="form-control ${problem?.field === 'reason' ? 'is-invalid' : ''}"
          id="ops-unlock-reason"
          aria-describedby="ops-unlock-about${problem?.field === 'reason' ? ' ops-unlock-reason-error' : ''}"
          rows="2"
          maxlength=${MAX_REASON}
          .value=${reason}
          ?disabled=${busy}
          @input=${(event: Event) => {
            reason = (event.target as HTMLTextAreaElement).value
            draw()
          }}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) void go()
          }}
        ></textarea>
        ${fieldError(problem, 'reason')}
        <p class="ops-soft mb-0" id="ops-unlock-about">${t('operation.reason.about')}</p>`,
      body,
    )
    render(
      html`<button
        type="button"
        class="btn ${env.kind === 'production' ? 'btn-danger' : 'btn-primary'}"
        ?disabled=${busy || reason.trim() === ''}
        aria-busy=${busy}
        @click=${go}
      >
        ${t('unlock.verb')}
      </button>`,
      button,
    )
  }

  draw()
  modal.element.addEventListener('shown.bs.modal', () => body.querySelector('textarea')?.focus(), { once: true })
}

/** Makes the environment read-only again at once. */
export async function lockNow(): Promise<void> {
  try {
    await lock()
  } catch (thrown) {
    notifyError(failureText(Failure.of(thrown)))
  }
}

function times(env: Environment): number[] {
  return TIMES.filter((minutes) => minutes <= env.policy.maxMinutes)
}

function timeText(minutes: number): string {
  return minutes < 60 ? t('unlock.minutes', { n: minutes }) : t('unlock.hours', { n: minutes / 60 })
}

/** The field of the form that a reason is about; "" = the whole. */
function fieldOf(reason: string): Problem['field'] {
  if (reason === 'unlock.bad_time') return 'time'
  return ['operation.bad_reason', 'operation.no_reason', 'reason.long', 'reason.missing'].includes(reason)
    ? 'reason'
    : ''
}

function fieldError(problem: Problem | undefined, field: 'time' | 'reason'): TemplateResult | typeof nothing {
  if (problem?.field !== field) return nothing
  return html`<div class="invalid-feedback d-block" id=${`ops-unlock-${field}-error`} role="alert">${problem.text}</div>`
}
