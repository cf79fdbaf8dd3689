import { SCREENS } from '../support/app.ts'
import { lookOver, PICTURES } from '../support/looks.ts'
import { test } from '../support/test.ts'

/** The screens by the names that their pictures have. */
const NAMES = [
  'welcome',
  'dashboard',
  'runs',
  'jobs',
  'workers',
  'run',
  'worker',
  'job',
  'jobedit',
  'timeline',
  'expected',
  'compare',
] as const

for (const name of NAMES) {
  test(`${name} is accessible in every language and theme, and has its picture taken`, async ({
    app,
    page,
    cluster,
  }) => {
    test.setTimeout(180_000) // six analyses
    const jobOf = (command: string) =>
      cluster.value<string>('select id from scheduler_job_definitions where command_name = $1', command)
    const addresses: Record<(typeof NAMES)[number], string> = {
      welcome: '#/',
      dashboard: SCREENS['dashboard.title'],
      runs: SCREENS['runs.title'],
      jobs: SCREENS['jobs.title'],
      workers: SCREENS['workers.title'],
      run: `#/ops/runs/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'FAILED')}/`,
      worker: `#/ops/workers/${await cluster.leader()}/`,
      job: `#/ops/jobs/${await jobOf('order_report')}/`,
      jobedit: `#/ops/jobs/${await jobOf('standup_reminder')}/edit/`,
      timeline: SCREENS['timeline.title'],
      expected: SCREENS['expected.title'],
      compare: `#/ops/compare/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'FAILED')}/${await cluster.value('select max(id) from scheduler_job_runs where state = $1', 'SUCCEEDED')}/`,
    }
    await app.open('#/ops/')
    await page.evaluate((hash) => {
      location.hash = hash
    }, addresses[name])
    await lookOver(app, name)
    if (name !== 'dashboard' && name !== 'runs') return
    await app.choose('theme', 'light')
    for (const width of [900, 1920]) {
      await page.setViewportSize({ width, height: 860 })
      await page.screenshot({ path: `${PICTURES}/${name}-en-light-${width}.png` })
    }
  })
}
