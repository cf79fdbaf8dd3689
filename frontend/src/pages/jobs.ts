import { html } from 'lit-html'
import { getJob, type Job, listJobs } from '../api/jobs.ts'
import { may, session } from '../api/session.ts'
import { parseTime } from '../lib/format.ts'
import { readAt, readFailed } from '../lib/freshness.ts'
import { visible } from '../lib/hostile.ts'
import { latest } from '../lib/latest.ts'
import { onChange } from '../lib/live.ts'
import { nowShown } from '../lib/moment.ts'
import { navigate, type Page, pathTo } from '../lib/router.ts'
import { t } from '../text/text.ts'
import { failureFace, loadingFace } from '../ui/face.ts'
import { openModal } from '../ui/modal.ts'
import { pageFrame } from '../ui/page.ts'
import { routes } from '../ui/routes.ts'
import { createTable } from '../ui/table.ts'
import { foreign } from '../ui/text.ts'
import { knownBy } from './basis.ts'
import { jobActions } from './job/operations.ts'
import { type JobRow, jobColumns } from './jobs/columns.ts'

/** How often the jobs are read, in milliseconds, as the backend's clock has it. */
const EVERY = 30_000
/** How much of a schedule's JSON is shown; the column's own shapes are far shorter. */
const JSON_LENGTH = 50_000

/** Every job definition, with its schedule in words and what became of its latest runs. */
export const jobsPage: Page = (host, signal) => {
  const frame = pageFrame(host, t('jobs.title'), { lead: t('jobs.lead'), fill: true })
  if (session().environment?.archive) frame.actions(html`${knownBy('jobs')}`)
  const table = createTable<JobRow>(frame.body, signal, {
    id: 'ops-jobs',
    label: t('jobs.table'),
    columns: jobColumns(
      (job) => showJson(signal, job),
      (job) =>
        jobActions(signal, job, {
          args: async () => (await getJob(job.id)).args,
          done: () => refresh(),
          gone: () => refresh(),
        }),
    ),
    key: ({ job }) => job.id,
    open: ({ job }) => navigate(pathTo(routes.job, { id: job.id })),
    rowClass: ({ job }) => (job.enabled ? '' : 'ops-row-quiet'),
    order: ['name', 'asc'],
    fill: true,
    empty: { kind: 'empty', title: t('jobs.empty'), text: t('jobs.empty.text') },
  })
  if (may('admin')) {
    frame.actions(html`<a class="btn btn-sm btn-outline-primary" href=${pathTo(routes.newJob)}
      ><i class="bi bi-plus-lg" aria-hidden="true"></i> ${t('job.op.new')}</a
    >`)
  }
  let shown = false
  const refresh = latest(signal, listJobs, {
    done(list) {
      const now = parseTime(list.asOf) ?? nowShown()
      shown = true
      readAt(now, EVERY)
      table.update(list.jobs.map((job) => ({ job, now })))
    },
    failed(failure) {
      readFailed(failure)
      if (!shown) table.face(failureFace(failure, refresh))
    },
  })
  table.face(loadingFace())
  onChange('jobs', signal, refresh)
  refresh()
}

function showJson(signal: AbortSignal, job: Job): void {
  openModal(signal, {
    title: t('jobs.json.of', { job: visible(job.name) }),
    body: html`<pre class="ops-pre">${foreign(job.schedule, { max: JSON_LENGTH, keep: '\n\t' })}</pre>`,
  })
}
