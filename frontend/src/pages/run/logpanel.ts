import { html, nothing, render } from 'lit-html'
import { type RunDetail, readLog } from '../../api/runs.ts'
import { type Failure, failureText } from '../../lib/failure.ts'
import { latest } from '../../lib/latest.ts'
import { t } from '../../text/text.ts'
import { face } from '../../ui/face.ts'
import { createLog } from '../../ui/log.ts'
import { isFinal } from '../runs/measures.ts'
import { loggedAttempts } from './attempts.ts'
import { followLog, type LogFollower } from './follow.ts'

/** A place behind everything that a log can hold. */
const THE_END = '9223372036854775807'

/** The log of a run, an attempt at a time. */
export interface LogPanel {
  readonly element: HTMLElement
  /** Takes what is known of the run, and reads on where the log may have grown. */
  update(detail: RunDetail): void
  /** Asks what the log has more, which also tells whether the run has changed. */
  look(): void
}

/** Whom the panel tells. */
export interface LogPanelUse {
  copy(text: string): void
  /** The run had this version when its log was read, and the log had more or not. */
  looked(version: number, news: boolean): void
  failed(failure: Failure): void
}

export function createLogPanel(signal: AbortSignal, runId: string, { copy, looked, failed }: LogPanelUse): LogPanel {
  const element = document.createElement('section')
  element.className = 'ops-panel ops-run-log'
  element.setAttribute('aria-label', t('run.log'))
  const head = document.createElement('div')
  head.className = 'ops-panel-head'
  const cover = document.createElement('div')
  const body = document.createElement('div')
  body.className = 'ops-panel-body'
  element.append(head, cover, body)

  let life = new AbortController()
  let follower: LogFollower | undefined
  let detail: RunDetail | undefined
  let shown: number | undefined
  /** The operator's own choice of an attempt; without one the newest is shown. */
  let chosen: number | undefined
  let complete = false
  let failure: Failure | undefined
  signal.addEventListener('abort', () => life.abort())

  function open(attempt: number): void {
    life.abort()
    life = new AbortController()
    shown = attempt
    complete = false
    failure = undefined
    render(nothing, cover)
    const running = detail !== undefined && !isFinal(detail.run.state)
    const log = createLog(body, life.signal, { label: t('run.log.of', { attempt }), copy, follow: running })
    follower = followLog(life.signal, (after) => readLog(runId, attempt, after), {
      append(text) {
        if (text === '') return
        failure = undefined
        log.append(text)
      },
      ended() {
        complete = true
        drawHead()
      },
      failed(why) {
        failure = why
        failed(why)
        drawHead()
      },
      looked,
    })
  }

  /** Where no log grows, the end of one tells as much about the run. */
  const lookAtRun = latest(signal, () => readLog(runId, detail?.run.attempt ?? 0, THE_END), {
    done: (page) => looked(page.version, false),
    failed,
  })

  function choose(attempt: number): void {
    chosen = attempt
    open(attempt)
    drawHead()
    follower?.read()
  }

  function drawHead(): void {
    const attempts = detail ? loggedAttempts(detail) : []
    const tabs = html`<div class="btn-group" role="group" aria-label=${t('run.log.attempts')}>
      ${attempts.map(
        (attempt) => html`<button
          type="button"
          class="btn btn-sm btn-outline-secondary ${attempt === shown ? 'active' : ''}"
          aria-pressed=${String(attempt === shown)}
          @click=${() => choose(attempt)}
        >
          ${t('run.log.attempt', { attempt })}
        </button>`,
      )}
    </div>`
    const state = failure
      ? html`<span class="ops-bad" role="alert">${t('run.log.failed', { reason: failureText(failure) })}</span>`
      : html`<span class="ops-soft">${shown === undefined ? nothing : complete ? t('run.log.complete') : t('run.log.growing')}</span>`
    render(html`<h2>${t('run.log')}</h2>${attempts.length > 1 ? tabs : nothing}${state}`, head)
  }

  return {
    element,
    update(next) {
      detail = next
      const attempts = loggedAttempts(next)
      const wanted = chosen ?? attempts.at(-1)
      if (wanted !== undefined && wanted !== shown) open(wanted)
      if (shown === undefined) {
        const final = isFinal(next.run.state)
        render(
          face(
            final
              ? { kind: 'empty', title: t('run.log.none') }
              : { kind: 'empty', title: t('run.log.notYet'), text: t('run.log.notYetText') },
          ),
          cover,
        )
      }
      drawHead()
      follower?.read()
    },
    look() {
      if (follower && !complete) follower.read()
      else if (detail && !isFinal(detail.run.state)) lookAtRun()
    },
  }
}
