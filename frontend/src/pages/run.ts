import { html, nothing, render } from 'lit-html'
import { copyText } from '../api/bridge.ts'
import { getRun, type Run, type RunDetail } from '../api/runs.ts'
import type { Failure } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { cut, visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown, timeStands } from '../lib/moment.ts'
import { navigate, type Page } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { type FaceContent, face, failureFace, loadingFace } from '../ui/face.ts'
import { longText } from '../ui/longtext.ts'
import { buttons } from '../ui/menu.ts'
import { notifySuccess } from '../ui/notify.ts'
import { pageFrame, panel } from '../ui/page.ts'
import { jobLink } from '../ui/routes.ts'
import { stateThen } from './basis.ts'
import { argsView } from './compare/rows.ts'
import { revealing } from './reveal.ts'
import { attemptsView } from './run/attempts.ts'
import { compareWith } from './run/comparewith.ts'
import { confirmingNote, runFacts } from './run/facts.ts'
import { createLogPanel } from './run/logpanel.ts'
import { runActions } from './run/operations.ts'
import { timelineView } from './run/timelineview.ts'
import { runsLink } from './runs/filter.ts'
import { isFinal } from './runs/measures.ts'
import { watchButton } from './watching/button.ts'

/** How often an open run is looked at, in milliseconds, as the backend's clock has it. A run that is over is never read again. */
const EVERY = 8000
/** After how many looks without news it is looked at half as often. */
const QUIET = 10

/** One run: its way through time, every fact, every attempt, its error whole, and its log as it grows. */
export const runPage: Page = (host, signal, { path }) => {
  const id = path['id'] ?? ''
  const frame = pageFrame(host, heading(id))
  const log = createLogPanel(signal, id, { copy, looked, failed: (why) => readFailed(why) })
  let quiet = 0
  let turn = 0
  let detail: RunDetail | undefined
  const args = revealing(
    signal,
    () => ({ of: 'run_args', id, title: t('reveal.run', { id: visible(cut(id, 40).text) }) }),
    () => draw(),
  )
  const watch = watchButton(signal, { kind: 'run', id })
  let failure: Failure | undefined
  /** What the page's clock said when the server's said `asOf`: countdowns go on between two reads. */
  let readWhen = 0

  const elapsed = () => (timeStands() ? 0 : performance.now() - readWhen)

  const refresh = latest(signal, () => getRun(id), {
    done(next) {
      detail = next
      failure = undefined
      readWhen = performance.now()
      quiet = 0
      readAt(parseTime(next.asOf) ?? nowShown(), isFinal(next.run.state) ? Number.POSITIVE_INFINITY : EVERY)
      frame.heading(heading(id, next.run))
      watch.update(cut(next.run.jobName, 80).text, isFinal(next.run.state))
      frame.actions(html`${watch.element}${buttons(runActions(signal, next.run, refresh))}<button
        type="button"
        class="btn btn-sm btn-outline-secondary"
        @click=${() => compareWith(signal, next.run)}
      >
        <i class="bi bi-layout-split" aria-hidden="true"></i> ${t('run.compare')}
      </button><a class="btn btn-sm btn-outline-secondary" href=${runsLink({ jobId: next.run.jobId })}
        ><i class="bi bi-list-check" aria-hidden="true"></i> ${t('run.others')}</a
      >`)
      log.update(next)
      draw()
    },
    failed(why) {
      failure = why
      // That there is no such run is an answer too.
      if (isMissing(why)) readAt(nowShown(), Number.POSITIVE_INFINITY)
      else readFailed(why)
      draw()
    },
  })

  function draw(): void {
    if (!detail) {
      render(face(failure ? missing(id, failure, refresh) : loadingFace()), frame.body)
      return
    }
    const now = new Date((parseTime(detail.asOf) ?? nowShown()).getTime() + elapsed())
    const { run } = detail
    render(
      html`${confirmingNote(run, now)}${panel(t('run.timeline'), timelineView(run, now))}
        ${panel(
          t('run.facts'),
          html`<div class="ops-fact-columns">${runFacts(run)}</div>
            ${detail.args === '' ? nothing : html`<h3 class="ops-panel-sub">${t('job.args')}</h3>${argsView(args.text(detail.args))}${args.controls(detail.args)}`}`,
        )}
        ${run.errorSummary === '' ? nothing : errorPanel(signal, run)}
        ${panel(t('run.attempts'), attemptsView(detail, now))}
        ${log.element}`,
      frame.body,
    )
  }

  const over = () => detail !== undefined && isFinal(detail.run.state)
  const clock = setInterval(() => detail && !over() && draw(), 1000)
  signal.addEventListener('abort', () => clearInterval(clock))
  /** Whether it is time for a look: a single question, for what the log has more and whether the run has changed. */
  const due = () => quiet < QUIET || ++turn % 2 === 0

  function looked(version: number, news: boolean): void {
    if (!detail || over()) return
    quiet = news ? 0 : quiet + 1
    if (version === detail.run.version) readAt(nowShown(), quiet < QUIET ? EVERY : 2 * EVERY)
    else refresh()
  }

  onChange('runs', signal, () => {
    if (!detail) refresh()
    else if (over() || due()) log.look()
  })
  draw()
  refresh()
}

function heading(id: string, run?: Run) {
  return html`${t('run.title', { id: visible(cut(id, 40).text) })}${
    run
      ? html` <span class="ops-run-of">${t('run.of')} ${jobLink(run.jobId, run.jobName)}</span>
          ${stateThen(run)}`
      : nothing
  }`
}

function isMissing(failure: Failure): boolean {
  return failure.code === 'not_found' || failure.reason === 'request.bad_id'
}

function missing(id: string, failure: Failure, retry: () => void): FaceContent {
  if (!isMissing(failure)) return failureFace(failure, retry)
  return {
    kind: 'empty',
    title: t('run.gone', { id: visible(cut(id, 40).text) }),
    text: t('run.gone.text'),
    action: { label: t('run.gone.action'), run: () => navigate(runsLink()) },
  }
}

function errorPanel(signal: AbortSignal, run: Run) {
  return panel(
    t('run.error'),
    longText(signal, t('run.error'), run.errorSummary, copy),
    html`<button type="button" class="btn btn-sm btn-outline-secondary" @click=${() => copy(run.errorSummary)}>
      <i class="bi bi-clipboard" aria-hidden="true"></i> ${t('run.error.copy')}
    </button>`,
  )
}

function copy(text: string): void {
  void copyText(text).then((done) => done && notifySuccess(t('copy.done')))
}
