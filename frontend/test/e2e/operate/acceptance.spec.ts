import { calm } from '../support/calm.ts'
import { auditOf, idleWorker, Operation } from '../support/operation.ts'
import { addDueRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// Who gets the runs of these tests, and when, must not hang on what else the sandbox has to do.
let restore: () => Promise<void>
test.beforeAll(async ({ cluster }) => {
  restore = await calm(cluster)
})
test.afterAll(() => restore())

// The five criteria by which the screens were ordered, each against the cluster itself.

test('acceptance 1: the dashboard shows the leader, the workers and the latest runs', async ({ app, cluster }) => {
  await app.open('#/ops/')
  const leadership = app.panel('Leadership')
  await expect(leadership.locator('.ops-leader-id')).toHaveText((await cluster.leader()) ?? '')
  await expect(app.fact(leadership, 'Epoch')).toHaveText((await cluster.epoch()) ?? '')
  const workers = await cluster.workers()
  await expect(app.panel('Workers')).toContainText(String(workers.length))
  await expect(app.panel('Failed')).toBeVisible()
  const failed = await cluster.value<string>(
    `select count(*) from scheduler_job_runs where state in ('FAILED', 'TIMED_OUT') and created_at > now() - interval '23 hours'`,
  )
  expect(Number(failed)).toBeGreaterThan(0)
  await expect(app.panel('Failed').getByRole('link').first()).toBeVisible()
})

test('acceptance 2: a job is created, switched off, and run by hand', async ({ app, cluster, page }) => {
  test.setTimeout(120_000)
  await app.open('#/ops/jobs/new/')
  await page.locator('[name="name"]').fill('Acceptance')
  await page.locator('[name="command"]').fill('heartbeat')
  await page.locator('[name="kind"]').selectOption('daily')
  await page.locator('[name="time"]').fill('03:00')
  await page.getByRole('switch', { name: /^Enabled/ }).check()
  await expect(app.content.getByText('Ready to be saved.')).toBeVisible()
  await page.getByRole('button', { name: 'Create…', exact: true }).click()
  const create = new Operation(app, 'Create job Acceptance', 'Create')
  await create.perform('accepting')
  await create.ended('Done.')
  await create.close()
  const job = await cluster.value<string>("select id from scheduler_job_definitions where name = 'Acceptance'")

  await app.go(`#/ops/jobs/${job}/`)
  const act = async (name: string) => {
    await page.getByRole('button', { name: 'What can be done with Acceptance' }).click()
    await page.getByRole('button', { name, exact: true }).click()
  }
  await act('Disable')
  const disable = new Operation(app, 'Disable job Acceptance', 'Disable')
  await disable.perform('accepting')
  await disable.ended('Done.')
  await disable.close()
  expect(await cluster.value<boolean>('select enabled from scheduler_job_definitions where id = $1', job)).toBe(false)

  await act('Run now')
  const run = new Operation(app, 'Run Acceptance now', 'Run now')
  await run.perform('accepting')
  await run.ended('Done.')
  const created = ((await run.fact('New run').textContent()) ?? '').trim()
  await run.close()
  const state = () => cluster.value<string>('select state from scheduler_job_runs where id = $1', created)
  await expect.poll(state, { timeout: 45_000 }).toBe('SUCCEEDED')
})

test('acceptance 3: success and failure can be followed in the history', async ({ app, cluster, page }) => {
  test.setTimeout(120_000)
  const ids: Record<string, string> = {}
  for (const [command, state] of [
    ['heartbeat', 'SUCCEEDED'],
    ['partner_feed', 'FAILED'],
  ] as const) {
    const run = await addDueRun(cluster, await addJob(cluster, { name: `e2e ${command}`, command }))
    ids[state] = run
    const now = () => cluster.value<string>('select state from scheduler_job_runs where id = $1', run)
    await expect.poll(now, { timeout: 60_000 }).toBe(state)
  }
  await app.open(`#/ops/runs/${ids['FAILED']}/`)
  await expect(app.heading).toContainText('Failed')
  await expect(page.getByText('unexpected element', { exact: false }).first()).toBeVisible()
  await app.go(`#/ops/runs/${ids['SUCCEEDED']}/`)
  await expect(app.heading).toContainText('Succeeded')
})

test('acceptance 4: a worker is detached, and gets nothing while it is', async ({ app, cluster, page }) => {
  test.setTimeout(150_000)
  const worker = await idleWorker(cluster)
  await app.open(`#/ops/workers/${worker.id}/`)
  await page.getByRole('button', { name: 'Detach', exact: true }).click()
  const detach = new Operation(app, `Detach worker ${worker.id}`, 'Detach')
  await detach.perform('accepting')
  await detach.ended('Done.')
  const id = await detach.id()
  const since = await cluster.value<Date>('select now()')
  const job = await addJob(cluster, { name: 'e2e elsewhere', command: 'heartbeat' })
  const runs: string[] = []
  for (let i = 0; i < 8; i++) runs.push(await addDueRun(cluster, job))
  await expect
    .poll(
      () =>
        cluster.value<string>(
          "select count(*) from scheduler_job_runs where id = any($1) and state = 'SUCCEEDED'",
          runs,
        ),
      { timeout: 90_000 },
    )
    .toBe('8')
  const given = await cluster.value<string>(
    'select count(*) from scheduler_job_runs where assigned_worker_id = $1 and assigned_at > $2',
    worker.id,
    since,
  )
  expect(given).toBe('0')
  expect((await auditOf(cluster, id)).at(-1)).toBe('worker.detach.succeeded admin accepting')
  const stays = async () => (await cluster.workers()).some((w) => w.id === worker.id)
  await expect.poll(stays, { message: 'it has left', timeout: 30_000 }).toBe(false)
})

test('acceptance 5: the leader steps down, a SubLeader takes over, and work goes on', async ({
  app,
  cluster,
  page,
}) => {
  test.setTimeout(120_000)
  const leader = (await cluster.leader()) ?? ''
  const standby = await cluster.standby()
  await app.open('#/ops/')
  await page.getByRole('button', { name: 'Make it step down' }).click()
  const degrade = new Operation(app, `Make the leader ${leader} step down`, 'Make it step down')
  await degrade.perform('accepting')
  await degrade.ended('Done.')
  await degrade.close()
  expect(await cluster.leader()).toBe(standby)
  const run = await addDueRun(cluster, await addJob(cluster, { name: 'e2e afterwards', command: 'heartbeat' }))
  const made = () =>
    cluster.value<string>(`select concat_ws(' ', state, leader_epoch) from scheduler_job_runs where id = $1`, run)
  await expect.poll(made, { timeout: 45_000 }).toBe(`SUCCEEDED ${await cluster.epoch()}`)
})
