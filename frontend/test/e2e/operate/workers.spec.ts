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

test('a detached worker gets nothing more, leaves, and comes back under a new id', async ({ app, cluster, page }) => {
  test.setTimeout(180_000)
  const worker = await idleWorker(cluster)
  await app.open('#/ops/workers/')
  const row = app.content.locator(`tr[data-key="${worker.id}"]`)
  await row.getByRole('button', { name: `Actions for worker ${worker.id}` }).click()
  await row.getByRole('button', { name: 'Detach' }).click()
  const detach = new Operation(app, `Detach worker ${worker.id}`, 'Detach')
  await detach.shown()
  await expect(detach.dialog).toContainText('It is flagged, and leaves by itself.')
  await expect(detach.dialog).toContainText('Can’t be taken back')
  await detach.perform('kernel update')
  await detach.ended('Done.')
  await expect(detach.fact('Written')).toHaveText(/yes/)
  await expect(detach.fact('Seen in the cluster')).toHaveText(/yes/)
  const id = await detach.id()
  await detach.close()
  expect(await auditOf(cluster, id)).toEqual([
    'worker.detach.requested admin kernel update',
    'worker.detach.succeeded admin kernel update',
  ])
  const since = await cluster.value<Date>('select now()')
  const job = await addJob(cluster, { name: 'e2e for others', command: 'heartbeat' })
  for (let i = 0; i < 8; i++) await addDueRun(cluster, job)
  const successor = async () => (await cluster.workers()).find((w) => w.pid === worker.pid)?.id ?? ''
  await expect.poll(successor, { timeout: 60_000 }).not.toBe(worker.id)
  await expect.poll(successor, { timeout: 60_000 }).not.toBe('')
  const open = `select count(*)::int from scheduler_job_runs where job_definition_id = $1 and state <> 'SUCCEEDED'`
  await expect.poll(() => cluster.value<number>(open, job), { timeout: 60_000 }).toBe(0)
  expect(
    await cluster.value<string>(
      'select count(*) from scheduler_job_runs where assigned_worker_id = $1 and assigned_at > $2',
      worker.id,
      since,
    ),
  ).toBe('0')
  await expect(row).toHaveCount(0)
  await expect(page.locator('.modal')).toHaveCount(0)
})

test('a drained worker says so itself, and works again afterwards', async ({ app, cluster, page }) => {
  const worker = await idleWorker(cluster)
  await app.open(`#/ops/workers/${worker.id}/`)
  await page.getByRole('button', { name: 'Drain', exact: true }).click()
  const drain = new Operation(app, `Drain worker ${worker.id}`, 'Drain')
  await drain.perform('disk check')
  await drain.ended('Done.')
  await expect(drain.fact('Accepted by the worker')).toHaveText(/yes/)
  await drain.close()
  await expect.poll(() => cluster.redis.hGet(`scheduler:worker:${worker.id}`, 'draining')).toBe('1')
  await page.getByRole('button', { name: 'Ask it now' }).click()
  await expect(app.panel('As it answers now')).toContainText('Draining')

  await page.getByRole('button', { name: 'End drain', exact: true }).click()
  const undrain = new Operation(app, `Let worker ${worker.id} work again`, 'End drain')
  await undrain.perform('disk is fine')
  await undrain.ended('Done.')
  const id = await undrain.id()
  await undrain.close()
  await expect.poll(() => cluster.redis.hGet(`scheduler:worker:${worker.id}`, 'draining')).toBe('0')
  expect((await auditOf(cluster, id)).at(-1)).toBe('worker.undrain.succeeded admin disk is fine')
})

test('what a worker runs is ended by the worker', async ({ app, cluster, page }) => {
  test.setTimeout(120_000)
  const job = await addJob(cluster, { name: 'e2e long', command: 'ledger_closing' })
  const run = await addDueRun(cluster, job)
  const state = () => cluster.value<string>('select state from scheduler_job_runs where id = $1', run)
  await expect.poll(state, { timeout: 60_000 }).toBe('RUNNING')
  const worker = await cluster.value<string>('select assigned_worker_id from scheduler_job_runs where id = $1', run)
  await app.open(`#/ops/workers/${worker}/`)
  await page.getByRole('button', { name: 'Cancel its run', exact: true }).click()
  const cancel = new Operation(app, `Cancel what worker ${worker} runs`, 'Cancel its run')
  await cancel.shown()
  await expect(cancel.dialog).toContainText(`${run} e2e long`)
  await cancel.perform('wrong ledger')
  await cancel.ended('Done.')
  await expect(cancel.fact('Accepted by the worker')).toHaveText(/yes/)
  await expect(cancel.fact('Seen in the cluster')).toHaveText(/yes/)
  expect(await state()).toBe('CANCELED')
})
