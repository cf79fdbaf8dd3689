import type { Page } from '@playwright/test'
import { en } from '../../../src/text/en.ts'
import { type App, SCREENS } from '../support/app.ts'
import { calm } from '../support/calm.ts'
import type { Cluster } from '../support/cluster.ts'
import { type Desk, joinAs } from '../support/desk.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// Whom the database takes the window for decides what it offers, and what a page that asks all the same is told.

/** What only an operator is offered, and what only an administrator is. */
const OPERATOR: readonly string[] = [
  en['job.op.run'],
  en['job.op.runWith'],
  en['operate.rerun'],
  en['operate.bulk.all'],
  en['operate.degrade'],
  en['operate.detach'],
  en['operate.drain'],
  en['events.ingest'],
]
const ADMIN: readonly string[] = [
  en['job.op.new'],
  en['job.op.edit'],
  en['job.op.enable'],
  en['job.op.duplicate'],
  en['job.op.delete'],
  en['settings.apply'],
  en['settings.set.verb'],
  en['reveal.show'],
]

let restore: () => Promise<void>
test.beforeAll(async ({ cluster }) => {
  restore = await calm(cluster)
})
test.afterAll(() => restore())

/** The tests that come after it go to a window of its own, of somebody with that right. */
function asRole(role: 'viewer' | 'operator'): void {
  let desk: Desk
  test.beforeAll(async () => {
    desk = await joinAs(role)
  })
  test.afterAll(() => desk.close())
}

/** What the page offers, in menus that are closed too. */
const offered = (page: Page) =>
  page
    .locator('button, a.btn, a.dropdown-item')
    .evaluateAll((all) => all.map((e) => e.textContent?.replace(/\s+/g, ' ').trim() ?? ''))

/** Everything that is offered on every screen, a job's, a run's and a worker's. */
async function offeredEverywhere(app: App, cluster: Cluster, job: string, run: string): Promise<Set<string>> {
  const worker = (await cluster.workers())[0]?.id ?? ''
  const all = new Set<string>()
  await app.open('#/ops/')
  const addresses = [...Object.values(SCREENS), `#/ops/jobs/${job}/`, `#/ops/runs/${run}/`, `#/ops/workers/${worker}/`]
  for (const address of addresses) {
    await app.go(address)
    for (const name of await offered(app.page)) all.add(name)
  }
  return all
}

interface Call {
  readonly of: string
  readonly plan: string
  readonly request?: object
}

/** Plans and performs as a script in the page would, and gives what became of it. */
async function perform(page: Page, call: Call): Promise<{ result: string; reason: string; operationId: string }> {
  return page.evaluate(async ({ of, plan, request }) => {
    // biome-ignore lint/suspicious/noExplicitAny: the bindings as the page has them
    const desktop = (window as any).go.desktop
    const { token } = await (request ? desktop[of][plan](request) : desktop[of][plan]())
    return desktop.Operations.Perform({ token, reason: 'trying', typedName: '' })
  }, call)
}

/** The same for what is masked. */
async function reveal(page: Page, of: string, id: string) {
  return page.evaluate(
    // biome-ignore lint/suspicious/noExplicitAny: the bindings as the page has them
    (request) => (window as any).go.desktop.Operations.Reveal(request),
    { of, id, reason: 'trying' },
  )
}

/** That the gate has refused an operation, and who tried. */
async function refused(
  cluster: Cluster,
  outcome: { result: string; reason: string; operationId: string },
): Promise<string> {
  expect(outcome).toMatchObject({ result: 'refused', reason: 'right.missing' })
  return cluster.value<string>(
    `select string_agg(concat_ws(' ', action, actor), ', ' order by id) from scheduler_admin_action_logs where payload_json ->> 'operation' = $1`,
    outcome.operationId,
  )
}

async function records(cluster: Cluster) {
  const job = await addJob(cluster, { name: 'e2e rights', command: 'heartbeat' })
  await cluster.rows(
    `update scheduler_job_definitions set default_args_json = '{"api_token": "e2e"}' where id = $1`,
    job,
  )
  return { job, run: await addFailedRun(cluster, job) }
}

const openRuns = "select count(*)::int from scheduler_job_runs where state = 'PENDING' and job_definition_id = $1"

test.describe('a viewer', () => {
  asRole('viewer')
  test('is offered nothing to operate, and asking all the same is refused and written down', async ({
    app,
    cluster,
    page,
  }) => {
    const { job, run } = await records(cluster)
    const all = await offeredEverywhere(app, cluster, job, run)
    await expect(app.header).toContainText(en['frame.role.viewer'])
    expect([...OPERATOR, ...ADMIN].filter((deed) => all.has(deed))).toEqual([])

    const enable = { of: 'Jobs', plan: 'PlanEnable', request: { jobId: job, enable: true } }
    expect(await refused(cluster, await perform(page, enable))).toBe('job.enable.refused viewer')
    const runNow = { of: 'Jobs', plan: 'PlanRunNow', request: { jobId: job, args: '' } }
    expect(await refused(cluster, await perform(page, runNow))).toBe('job.run.refused viewer')
    const rerun = { of: 'Runs', plan: 'PlanRerun', request: { id: run } }
    expect(await refused(cluster, await perform(page, rerun))).toBe('job_run.rerun.refused viewer')
    const shown = await reveal(page, 'job_args', job)
    expect(shown.document).toBe('')
    expect(await refused(cluster, shown.outcome)).toBe('job.reveal.refused viewer')
    expect(await cluster.value<number>(openRuns, job)).toBe(0)
    expect(await cluster.value<boolean>('select enabled from scheduler_job_definitions where id = $1', job)).toBe(false)
  })
})

test.describe('an operator', () => {
  asRole('operator')
  test('has no deeds of an administrator', async ({ app, cluster, page }) => {
    const { job, run } = await records(cluster)
    const all = await offeredEverywhere(app, cluster, job, run)
    await expect(app.header).toContainText(en['frame.role.operator'])
    expect(OPERATOR.filter((deed) => !all.has(deed))).toEqual([])
    expect(ADMIN.filter((deed) => all.has(deed))).toEqual([])

    const enable = { of: 'Jobs', plan: 'PlanEnable', request: { jobId: job, enable: true } }
    expect(await refused(cluster, await perform(page, enable))).toBe('job.enable.refused operator')
    const apply = { of: 'Operations', plan: 'PlanApplySettings' }
    expect(await refused(cluster, await perform(page, apply))).toBe('setting.apply.refused operator')
    const shown = await reveal(page, 'job_args', job)
    expect(shown.document).toBe('')
    expect(await refused(cluster, shown.outcome)).toBe('job.reveal.refused operator')
    expect(await cluster.value<boolean>('select enabled from scheduler_job_definitions where id = $1', job)).toBe(false)
  })
})
