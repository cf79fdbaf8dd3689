import { html, nothing, render } from 'lit-html'
import { getJob, type JobDetail } from '../api/jobs.ts'
import type { Failure } from '../lib/failure.ts'
import { parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { cut, visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { createChart } from '../ui/chart.ts'
import { type FaceContent, face, failureFace, loadingFace } from '../ui/face.ts'
import { buttons, menu } from '../ui/menu.ts'
import { afterDialogs } from '../ui/modal.ts'
import { pageFrame, panel } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { foreign } from '../ui/text.ts'
import { changesView } from './job/changes.ts'
import { enabledBadge, jobFacts } from './job/facts.ts'
import { durationsChart, historyFigures, historySpan, resultsChart, resultsLink } from './job/history.ts'
import { jobActions } from './job/operations.ts'
import { dueView } from './job/schedule.ts'
import { revealing } from './reveal.ts'
import { runsLink } from './runs/filter.ts'
import { watchButton } from './watching/button.ts'
import { runTable } from './worker/runs.ts'

/** How often the job is read, in milliseconds, as the backend's clock has it. */
const EVERY = 30_000
/** How much of a job's arguments the page shows; the editor has all of them. */
const ARGS_LENGTH = 20_000

/** One job: when it is due, how its runs went, and who changed what. */
export const jobPage: Page = (host, signal, { path }) => {
  const id = path['id'] ?? ''
  const frame = pageFrame(host, t('job.title', { id: visible(cut(id, 40).text) }))
  const element = () => document.createElement('div')
  const [resultsHost, durationsHost, latestHost] = [element(), element(), element()]
  let detail: JobDetail | undefined
  const args = revealing(
    signal,
    () => ({ of: 'job_args', id, title: t('reveal.job', { job: visible(cut(detail?.name ?? id, 80).text) }) }),
    () => draw(),
  )
  const watch = watchButton(signal, { kind: 'job', id })
  let failure: Failure | undefined
  const results = createChart(resultsHost, signal, {
    label: t('job.history.results'),
    size: 'small',
    onPick: (bucket, series) => detail && navigate(resultsLink(detail, Number(bucket), series)),
  })
  const durations = createChart(durationsHost, signal, { label: t('job.history.durations'), size: 'small' })
  const runs = runTable(latestHost, signal, {
    id: 'ops-job-latest',
    label: t('job.latest'),
    empty: t('job.latest.none'),
    ran: true,
    of: 'job',
  })

  const refresh = latest(signal, () => getJob(id), {
    done(next) {
      const now = parseTime(next.asOf) ?? nowShown()
      detail = next
      failure = undefined
      readAt(now, EVERY)
      frame.heading(html`${foreign(next.name, { max: 200 })} ${enabledBadge(next.enabled)}`)
      const actions = jobActions(signal, next, {
        args: async () => next.args,
        done: refresh,
        gone: () => afterDialogs(signal, () => navigate(pathTo(routes.jobs))),
      })
      const [edit, rest] = [
        actions.filter((a) => a.icon === 'bi-pencil'),
        actions.filter((a) => a.icon !== 'bi-pencil'),
      ]
      watch.update(next.name)
      frame.actions(html`${watch.element}${buttons(edit)}${menu(t('job.op.of', { job: visible(cut(next.name, 80).text) }), rest)}<a class="btn btn-sm btn-outline-secondary" href=${runsLink({ jobId: next.id })}
        ><i class="bi bi-list-check" aria-hidden="true"></i> ${t('job.runs')}</a
      >`)
      runs.update(next.latest.map((run) => ({ run, now })))
      draw()
      if (next.history.runs > 0) {
        results.draw(resultsChart(next.history))
        durations.draw(durationsChart(next.history))
      }
    },
    failed(why) {
      failure = why
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
    const now = parseTime(detail.asOf) ?? nowShown()
    render(
      html`<div class="ops-grid ops-job-top">
          ${panel(t('job.due'), dueView(detail, now))}
          ${panel(
            t('job.facts'),
            html`${jobFacts(detail)}
              <h3 class="ops-panel-sub">${t('job.args')}</h3>
              <pre class="ops-pre ops-job-args" tabindex="0">${foreign(args.text(detail.args), { max: ARGS_LENGTH, keep: '\n' })}</pre>
              ${args.controls(detail.args)}`,
          )}
        </div>
        ${panel(t('job.history'), historyView(detail), historySpan(detail.history))}
        ${panel(t('job.latest'), html`<div class="ops-panel-flush">${latestHost}</div>`)}
        ${panel(t('job.changes'), changesView(detail.changes, now))}`,
      frame.body,
    )
  }

  function historyView({ history }: JobDetail) {
    return html`${historyFigures(history)}
      <div class="ops-job-charts" ?hidden=${history.runs === 0}>
        <div><h3 class="ops-panel-sub">${t('job.history.results')}</h3>${resultsHost}</div>
        <div><h3 class="ops-panel-sub">${t('job.history.durations')}</h3>${durationsHost}</div>
      </div>
      ${history.runs === 0 ? html`<p class="ops-soft mb-0">${t('job.history.none')}</p>` : nothing}`
  }

  draw()
  onChange('jobs', signal, refresh)
  refresh()
}

function isMissing(failure: Failure): boolean {
  return failure.code === 'not_found' || failure.reason === 'request.bad_id'
}

/** The face of a job that can't be shown. */
export function missing(id: string, failure: Failure, retry: () => void): FaceContent {
  if (!isMissing(failure)) return failureFace(failure, retry)
  return {
    kind: 'empty',
    title: t('job.gone', { id: visible(cut(id, 40).text) }),
    text: t('job.gone.text'),
    action: { label: t('job.gone.action'), run: () => navigate(pathTo(routes.jobs)) },
  }
}
