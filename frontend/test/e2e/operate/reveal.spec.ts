import { auditOf, Operation } from '../support/operation.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

const SECRET = 'e2e-hunter2'

/** What the audit has of a document that was shown, newest first. */
const SHOWN = `select payload_json ->> 'operation' from scheduler_admin_action_logs where action = $1 and target = $2 order by id desc`

test('a job’s masked arguments are shown with a reason, until the page is left', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e masked', command: 'heartbeat' })
  await cluster.rows(
    'update scheduler_job_definitions set default_args_json = $2 where id = $1',
    job,
    JSON.stringify({ api_token: SECRET, day: 3 }),
  )
  await app.open(`#/ops/jobs/${job}/`)
  await expect(app.panel('Definition')).toContainText('<masked>')
  await page.getByRole('button', { name: 'Show masked values…' }).click()
  const reveal = new Operation(app, 'Show masked values of job e2e masked', 'Show')
  await reveal.perform('looking into incident 7')
  await expect(app.panel('Definition')).toContainText(SECRET)
  await expect(reveal.dialog).toHaveCount(0)
  const id = await cluster.value<string>(SHOWN, 'job.reveal', job)
  expect(await auditOf(cluster, id)).toEqual(['job.reveal admin looking into incident 7'])
  const kept = 'select count(*)::int from scheduler_admin_action_logs where payload_json::text like $1'
  expect(await cluster.value<number>(kept, `%${SECRET}%`)).toBe(0)

  await app.go('#/ops/jobs/')
  await app.go(`#/ops/jobs/${job}/`)
  await expect(app.panel('Definition')).toContainText('<masked>')
  await expect(page.getByText(SECRET)).toHaveCount(0)
})

test('an event’s masked payload is shown in its dialog', async ({ app, cluster, page }) => {
  const event = await cluster.value<string>(
    `insert into scheduler_events (event_type, payload_json, created_at, processed_at)
     values ('e2e.masked', $1, clock_timestamp(), clock_timestamp()) returning id`,
    JSON.stringify({ password: SECRET, order: 'A-1' }),
  )
  await app.open(`#/ops/events/?event=${event}`)
  const dialog = page.getByRole('dialog', { name: `Event ${event}` })
  await expect(dialog).toContainText('masked')
  await dialog.getByRole('button', { name: 'Show masked values…' }).click()
  const reveal = new Operation(app, `Show masked values of event ${event}`, 'Show')
  await reveal.perform('looking into incident 7')
  await expect(dialog).toContainText(SECRET)
  await dialog.locator('.modal-footer').getByRole('button', { name: 'Close' }).click()
  await expect(page.getByText(SECRET)).toHaveCount(0)
  const id = await cluster.value<string>(SHOWN, 'event.reveal', event)
  expect(await auditOf(cluster, id)).toEqual(['event.reveal admin looking into incident 7'])
})

test('a run’s own arguments and an audit entry’s detail are shown the same way', async ({ app, cluster, page }) => {
  const run = await addFailedRun(cluster, await addJob(cluster, { name: 'e2e masked run', command: 'heartbeat' }))
  const document = JSON.stringify({ token: SECRET, day: 3 })
  await cluster.rows('insert into opsdeck_node.run_args (run_id, args_json) values ($1, $2)', run, document)
  await app.open(`#/ops/runs/${run}/`)
  await page.getByRole('button', { name: 'Show masked values…' }).click()
  const ofRun = new Operation(app, `Show masked values of run ${run}`, 'Show')
  await ofRun.perform('looking into incident 8')
  await expect(app.content).toContainText(SECRET)

  const entry = await cluster.value<string>(
    `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
     values ('django', 'job.update', '1', $1, clock_timestamp()) returning id`,
    document,
  )
  await app.go(`#/ops/audit/?entry=${entry}`)
  await expect(page.getByText(SECRET)).toHaveCount(0)
  const dialog = page.getByRole('dialog', { name: `Entry ${entry}` })
  await dialog.getByRole('button', { name: 'Show masked values…' }).click()
  const ofEntry = new Operation(app, `Show masked values of entry ${entry}`, 'Show')
  await ofEntry.perform('looking into incident 8')
  await expect(dialog).toContainText(SECRET)
  for (const [action, target] of [
    ['job_run.reveal', run],
    ['audit.reveal', entry],
  ] as const) {
    const id = await cluster.value<string>(SHOWN, action, target)
    expect(await auditOf(cluster, id)).toEqual([`${action} admin looking into incident 8`])
  }
})
