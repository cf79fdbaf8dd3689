import { calm } from '../support/calm.ts'
import { auditOf, Operation } from '../support/operation.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// Who gets the runs of these tests, and when, must not hang on what else the sandbox has to do.
let restore: () => Promise<void>
test.beforeAll(async ({ cluster }) => {
  restore = await calm(cluster)
})
test.afterAll(() => restore())

/** A run that no leader touches yet, because it is due tomorrow. */
const TOMORROW = `insert into scheduler_job_runs
    (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary, log_ref,
     idempotency_key, continuation_state, created_at, updated_at)
  values ($1, now() + interval '1 day', '', 'PENDING', 0, 0, '', '', '', 'NONE', now(), now())
  returning id`

test('a waiting run is canceled, but not once it has changed', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e waiting', command: 'heartbeat' })
  const run = await cluster.value<string>(TOMORROW, job)
  await app.open(`#/ops/runs/${run}/`)
  await page.getByRole('button', { name: 'Cancel the run', exact: true }).click()
  const cancel = new Operation(app, `Cancel run ${run}`, 'Cancel the run')
  await cancel.shown()
  await cluster.rows('update scheduler_job_runs set version = version + 1 where id = $1', run)
  await cancel.perform('not today')
  await cancel.ended('Nothing was done: it is no longer as shown.')
  await expect(cancel.dialog).toContainText('has changed since: the run')
  const state = () => cluster.value<string>('select state from scheduler_job_runs where id = $1', run)
  expect(await state()).toBe('PENDING')

  await cancel.dialog.getByRole('button', { name: 'Look again' }).click()
  await cancel.shown()
  await expect(cancel.dialog.getByLabel('Reason')).toHaveValue('not today')
  await page.keyboard.press('Control+Enter')
  await cancel.ended('Done.')
  const id = await cancel.id()
  await cancel.close()
  expect(await state()).toBe('CANCELED')
  expect(await auditOf(cluster, id)).toEqual(['job_run.cancel admin not today'])
  await expect(app.heading).toContainText('Canceled')
})

test('a run that failed runs again, as a run of its own', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e again', command: 'heartbeat' })
  const run = await addFailedRun(cluster, job, { error: 'no disk left' })
  await app.open(`#/ops/runs/${run}/`)
  await page.getByRole('button', { name: 'Run again', exact: true }).click()
  const rerun = new Operation(app, `Run ${run} once more`, 'Run again')
  await rerun.perform('the disk is back')
  await rerun.ended('Done.')
  const created = ((await rerun.fact('New run').textContent()) ?? '').trim()
  await rerun.dialog.getByRole('link', { name: created }).click()
  await expect(app.heading).toContainText(`Run ${created}`)
  const made = await cluster.rows<{ job: string; state: string }>(
    'select job_definition_id as job, state from scheduler_job_runs where id = $1',
    created,
  )
  expect(made[0]?.job).toBe(job)
  await expect
    .poll(() => cluster.value<string>('select state from scheduler_job_runs where id = $1', created), {
      timeout: 45_000,
    })
    .toBe('SUCCEEDED')
})
