import { expect } from '@playwright/test'
import type pg from 'pg'
import { type Desk, openDesk, openFirstScreen, serversOf } from '../support/desk.ts'
import { lookOver, lookOverOpen } from '../support/looks.ts'
import { Operation } from '../support/operation.ts'
import { addJob } from '../support/records.ts'
import { test } from '../support/test.ts'

test.describe.configure({ mode: 'serial' })

const COPY = 'e2e_staging'
const ONLY_THERE = 'e2e only in staging'
const ON_BOTH = 'e2e on both'

let desk: Desk
let staging: pg.Client

test.beforeAll(async ({ cluster }) => {
  await addJob(cluster, { name: ON_BOTH, command: 'heartbeat' })
  const args = 'update scheduler_job_definitions set default_args_json = $2 where name = $1'
  await cluster.rows(args, ON_BOTH, '{"region": "tokyo", "rows": [1, 2]}')
  staging = await cluster.copyDatabase(COPY)
  await staging.query('update scheduler_job_definitions set max_retries = 7 where name = $1', [ON_BOTH])
  await staging.query(args, [ON_BOTH, '{"region": "test", "rows": [1, 2]}'])
  await staging.query(
    `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
       max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
     select $2, enabled, type, command_name, '{}', schedule, 60, 1, 5, concurrency_policy, now(), now()
     from scheduler_job_definitions where name = $1`,
    [ON_BOTH, ONLY_THERE],
  )
  const copied = serversOf('operator')
  copied.profile.postgres.database = COPY
  desk = await openDesk(
    { id: 'tokyo', name: 'Tokyo', kind: 'production', servers: serversOf('admin') },
    { id: 'staging', name: 'Staging', kind: 'staging', servers: copied },
  )
})
test.afterAll(async ({ cluster }) => {
  await desk.close()
  await staging.end()
  await cluster.rows(`drop database ${COPY} with (force)`)
})

test('an answer of the old environment that comes late is shown nowhere', async ({ app, page }) => {
  test.setTimeout(120_000)
  const late: (() => void)[] = []
  await page.routeWebSocket(/\/wails\/ipc/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      if (String(message).includes(ONLY_THERE)) late.push(() => socket.send(message))
      else socket.send(message)
    })
  })
  await openFirstScreen(app)
  await page.locator('[data-profile="staging"]').getByRole('button', { name: /^Open/ }).click()
  await expect(app.heading).toHaveText('Dashboard', { timeout: 60_000 })
  await page.evaluate(() => {
    location.hash = '#/ops/jobs/'
  })
  await expect.poll(() => late.length).toBeGreaterThan(0)

  await page.evaluate(() => {
    location.hash = '#/'
  })
  await page.locator('[data-profile="tokyo"]').getByRole('button', { name: /^Open/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close and switch' }).click()
  await expect(page).toHaveTitle(/^\[Production\] Tokyo/, { timeout: 60_000 })
  await app.go('#/ops/jobs/')
  await expect(app.content).toContainText(ON_BOTH)
  await page.evaluate((name) => {
    const look = () => document.body.textContent?.includes(name) && document.body.setAttribute('data-e2e-seen', '')
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, ONLY_THERE)
  for (const release of late) release()
  // The answers to what these screens ask come after it, on the same way.
  await app.go('#/ops/workers/')
  await app.go('#/ops/jobs/')
  await expect(app.content).toContainText(ON_BOTH)
  expect(await app.text()).not.toContain(ONLY_THERE)
  await expect(page.locator('body')).not.toHaveAttribute('data-e2e-seen')
})

test('staging is laid beside production, and a job is brought over as production’s policy wants it', async ({
  app,
  page,
  cluster,
}) => {
  test.setTimeout(180_000)
  await app.open('#/compare-environments/')
  await page.getByRole('button', { name: 'Compare with Staging' }).click()
  const rows = app.rows('Jobs and settings of both environments')
  const row = (name: string) => rows.filter({ hasText: name })
  await expect(row(ONLY_THERE)).toContainText('Only there')
  await expect(row(ON_BOTH)).toContainText('Arguments, Retries')
  await lookOver(app, 'environments')

  await lookOverOpen(app, 'environments-fields', async () => {
    await row(ON_BOTH).dblclick()
    const fields = page.getByRole('dialog', { name: `Job: ${ON_BOTH}` })
    await expect(fields.getByRole('row', { name: 'Retries' })).toContainText('7')
    await expect(fields.locator('.ops-json-marked')).toHaveText(['"region": "tokyo"', '"region": "test"'])
    return async () => {
      await fields.getByRole('button', { name: 'Close' }).first().click()
      await expect(fields).toHaveCount(0)
    }
  })
  await app.choose('theme', 'light')

  for (const name of [ONLY_THERE, ON_BOTH]) await row(name).getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Bring 2 over…' }).click()
  const review = page.getByRole('dialog', { name: 'Bring over from Staging into Tokyo' })
  await expect(review.getByRole('columnheader', { name: 'Then, as in Staging' })).toHaveCount(2)
  await review.getByRole('button', { name: 'Continue' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Unlock…' }).click()
  await dialog.getByLabel('Reason').fill('as reviewed')
  await dialog.getByRole('button', { name: 'Unlock', exact: true }).click()

  const promote = new Operation(app, 'Bring over from Staging into Tokyo', 'Bring over')
  await promote.dialog.getByLabel('Type “Tokyo” to confirm').fill('Tokyo')
  await promote.perform('as reviewed')
  await promote.ended('Finished.')
  await promote.close()
  await expect(row(ON_BOTH)).toHaveCount(0)
  const audit = async (ask: { query: pg.Client['query'] }) => {
    const { rows } = await ask.query<{ action: string }>(
      `select action from scheduler_admin_action_logs where payload_json ->> 'reason' = 'as reviewed' and action like 'environment.%' order by id`,
    )
    return rows.map((r) => r.action)
  }
  expect(await audit(cluster.postgres)).toEqual(['environment.promote.requested', 'environment.promote.succeeded'])
  expect(await audit(staging)).toEqual(['environment.promote_from.requested', 'environment.promote_from.succeeded'])
})
