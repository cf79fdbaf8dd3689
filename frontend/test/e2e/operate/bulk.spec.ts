import { Operation } from '../support/operation.ts'
import { addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

test('everything that matches a filter is canceled, and nothing else', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e many', command: 'heartbeat' })
  await cluster.rows(
    `insert into scheduler_job_runs
       (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary, log_ref,
        idempotency_key, continuation_state, created_at, updated_at)
     select $1, now() + interval '1 day' + n * interval '1 minute', '', case when n > 24 then 'FAILED' else 'PENDING' end,
       0, 0, '', '', '', 'NONE', now(), now() from generate_series(1, 30) n`,
    job,
  )
  await app.open(`#/ops/runs/?job=${job}`)
  await page.getByRole('button', { name: 'All that match' }).click()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  const cancel = new Operation(app, 'Cancel many runs', 'Cancel these runs')
  await cancel.shown()
  await expect(cancel.dialog).toContainText(/Runs to act on\s*24/)
  await expect(cancel.dialog).toContainText(/Left out: over already\s*6/)
  await cancel.dialog.getByLabel('Type “24” to confirm').fill('24')
  await cancel.perform('the feed is broken')
  await expect(cancel.dialog.locator('.ops-outcome-result')).toHaveText('Finished.', { timeout: 30_000 })
  await expect(cancel.dialog.locator('.ops-task')).toContainText('24 of 24')
  const states = await cluster.rows<{ state: string; n: string }>(
    'select state, count(*) as n from scheduler_job_runs where job_definition_id = $1 group by state order by state',
    job,
  )
  expect(states).toEqual([
    { state: 'CANCELED', n: '24' },
    { state: 'FAILED', n: '6' },
  ])
  const audit = await cluster.rows<{ action: string }>(
    "select action from scheduler_admin_action_logs where action like 'bulk.%' and payload_json ->> 'reason' = $1 order by id",
    'the feed is broken',
  )
  expect(audit.map((a) => a.action)).toEqual(['bulk.cancel.requested', 'bulk.cancel.succeeded'])
})
