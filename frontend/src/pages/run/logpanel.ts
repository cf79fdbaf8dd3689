import { html, nothing, render } from 'lit-html'
import { findInLog, firstLogError, type LogState, logLine, logRows, logText, saveLog } from '../../api/logs.ts'
import { type RunDetail, readLog } from '../../api/runs.ts'
import { Failure } from '../../lib/failure.ts'
import { latest } from '../../lib/latest.ts'
import { t } from '../../text/text.ts'
import { face } from '../../ui/face.ts'
import { createLog, type Log } from '../../ui/log.ts'
import { openExport } from '../lists/export.ts'
import { isFinal } from '../runs/measures.ts'
import { loggedAttempts } from './attempts.ts'
import { logFailure } from './logfailure.ts'
import { brokenText, progressText, sourceText } from './logwords.ts'
import { followLog, type OpenedLog, shownRow } from './openlog.ts'

/** A place behind every chunk of a log. */
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
  let viewing = new AbortController()
  let opened: OpenedLog | undefined
  let viewer: Log | undefined
  let detail: RunDetail | undefined
  let shown: number | undefined
  /** The operator's own choice of an attempt; without one the newest is shown. */
  let chosen: number | undefined
  let state: LogState | undefined
  let failure: Failure | undefined
  signal.addEventListener('abort', () => life.abort())

  function open(attempt: number): void {
    life.abort()
    life = new AbortController()
    shown = attempt
    state = viewer = failure = undefined
    render(nothing, cover)
    const { signal: own } = life
    opened = followLog(own, runId, attempt, {
      state(next) {
        if (state && next.turn !== state.turn) {
          // It is another log now: nothing that the viewer holds is of it.
          viewing.abort()
          viewer = undefined
        }
        if (!viewer) {
          viewing = new AbortController()
          viewer = view(AbortSignal.any([own, viewing.signal]), next.token, attempt)
        }
        if (next.rows !== state?.rows || next.bytes !== state.bytes) viewer.grow(next.rows, next.lines)
        state = next
        failure = undefined
        drawHead()
      },
      failed(why) {
        failure = why
        if (viewer) failed(why)
        else render(logFailure(why, { signal, again: () => open(attempt), copy }), cover)
        drawHead()
      },
      looked(version, news) {
        if (version > 0) looked(version, news)
      },
    })
  }

  function view(own: AbortSignal, token: string, attempt: number): Log {
    const label = t('run.log.of', { attempt })
    return createLog(body, own, {
      label,
      copy,
      follow: detail !== undefined && !isFinal(detail.run.state),
      source: {
        rows: async (from, count) => (await logRows(token, from, count)).map(shownRow),
        find: (text, row, back) => findInLog(token, text, row, back),
        line: (line) => logLine(token, line),
        firstError: () => firstLogError(token),
        text: (from, count) => logText(token, from, count),
      },
      save: () =>
        openExport(signal, {
          name: `run-${runId}-${attempt}`,
          title: t('log.save.title', { log: label }),
          about: state?.ended ? t('log.save.whole') : t('log.save.sofar'),
          formats: ['log'],
          start: (_, path) => saveLog(token, path),
        }),
      failed(thrown) {
        if (own.aborted) return
        failure = Failure.of(thrown)
        drawHead()
      },
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
    render(html`<h2>${t('run.log')}</h2>${attempts.length > 1 ? tabs : nothing}${words()}`, head)
  }

  function words() {
    if (!state) return nothing
    const { error } = state
    const why = failure ?? (error && new Failure(error.code, error.reason, error.message, error.args ?? {}))
    const progress = why
      ? brokenText(state, why, () => opened?.again())
      : html`<span class="ops-soft">${progressText(state)}</span>`
    return html`<span class="ops-soft">${sourceText(state)}</span>${progress}${
      state.turn > 1 ? html`<span class="ops-soft" role="status">${t('log.anew')}</span>` : nothing
    }`
  }

  return {
    element,
    update(next) {
      detail = next
      const wanted = chosen ?? loggedAttempts(next).at(-1)
      if (wanted !== undefined && wanted !== shown) open(wanted)
      else if (viewer) opened?.read()
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
    },
    look() {
      if (viewer && !state?.ended && state?.source === 'database') opened?.read()
      else if (detail && !isFinal(detail.run.state)) lookAtRun()
    },
  }
}
