import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { SCREENS } from '../support/app.ts'
import { lookOver, PICTURES } from '../support/looks.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

const AUDIT = 'Audit, newest first'
const EVENTS = 'Events, newest first'

test('every setting of the contract and the database is listed, and no secret is shown', async ({
  app,
  page,
  cluster,
}) => {
  await app.open('#/ops/settings/')
  const row = (key: string) => app.rows('Settings').filter({ has: page.getByText(key, { exact: true }) })
  await expect(row('SCHEDULER_MIN_ONLINE_WORKERS')).toContainText('Fewest workers')
  await expect(row('SCHEDULER_MIN_ONLINE_WORKERS')).toContainText('Database')
  await expect(row('SCHEDULER_ASSIGN_AHEAD_SECONDS')).toContainText('Process’s own')
  await expect(row('SCHEDULER_ASSIGN_AHEAD_SECONDS')).toContainText('60')
  await expect(row('SCHEDULER_CONTINUATION_RETRY_COUNT')).toContainText('newer nodes')
  expect(await app.text()).not.toContain('not-a-real')

  await cluster.rows(
    `insert into scheduler_settings (key, value_json, updated_at) values ('SCHEDULER_LEADER_PING_BATCH_SIZE', '{"value": 99}', now())`,
  )
  await expect(row('SCHEDULER_LEADER_PING_BATCH_SIZE')).toContainText('The largest value is 50')
  await cluster.rows(`delete from scheduler_settings where key = 'SCHEDULER_LEADER_PING_BATCH_SIZE'`)
  await expect(row('SCHEDULER_LEADER_PING_BATCH_SIZE')).toContainText('Process’s own')

  await row('SCHEDULER_WORKER_HIGH_LOAD_THRESHOLD').getByRole('button').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('A worker with more to do than this raises an alert.')
  await expect(page).toHaveURL(/key=SCHEDULER_WORKER_HIGH_LOAD_THRESHOLD/)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('the latest request to apply settings tells what each worker answered', async ({ app, page, cluster }) => {
  await app.open('#/ops/settings/')
  await app.content.getByRole('button', { name: 'Worker by worker' }).click()
  const dialog = page.getByRole('dialog')
  const total = await cluster.value<number>(
    `select (result_json ->> 'total')::int from scheduler_config_reload_requests order by requested_at desc, id desc limit 1`,
  )
  await expect(dialog).toContainText(`${total} of ${total} workers took them over`)
  await expect(dialog.locator('tbody tr[data-key]')).toHaveCount(total)
})

test('the audit is filtered by each of its fields, and an entry opens whole', async ({ app, page, cluster }) => {
  await app.open('#/ops/audit/')
  const form = app.content.getByRole('form', { name: 'Filters' })
  const wanted = (where: string, ...values: unknown[]) =>
    cluster
      .rows<{ id: string }>(
        `select id from scheduler_admin_action_logs where ${where} order by created_at desc, id desc limit 50`,
        ...values,
      )
      .then((rows) => rows.map((r) => r.id))
  const agrees = async (where: string, ...values: unknown[]) => {
    const ids = await wanted(where, ...values)
    expect(ids.length).toBeGreaterThan(0)
    await expect.poll(() => app.keys(AUDIT)).toEqual(ids)
  }
  await agrees('true')
  await form.getByLabel('Actor').fill('admin')
  await agrees(`actor = 'admin'`)
  await expect(page).toHaveURL(/actor=admin/)
  await form.getByRole('button', { name: 'Action' }).click()
  await form.getByText('Change setting').click()
  await page.keyboard.press('Escape')
  await agrees(`actor = 'admin' and action = 'setting.set'`)
  await page.reload()
  await agrees(`actor = 'admin' and action = 'setting.set'`)
  await form.getByRole('button', { name: 'Clear filters' }).click()
  await form.getByLabel('Text anywhere').fill('kernel nobody wrote')
  await expect(app.content.getByText('Nothing matches these filters')).toBeVisible()
  await form.getByLabel('Text anywhere').fill('カーネル')
  await agrees(`payload_json::text like '%カーネル%'`)
  await app.rows(AUDIT).first().locator('.ops-open').click()
  await expect(page.getByRole('dialog')).toContainText('"enable"')
  await page.keyboard.press('Escape')
})

test('the audit pages without a gap', async ({ app, page, cluster }) => {
  await app.open('#/ops/audit/')
  const all = (
    await cluster.rows<{ id: string }>(
      'select id from scheduler_admin_action_logs order by created_at desc, id desc limit 150',
    )
  ).map((r) => r.id)
  await expect.poll(() => app.keys(AUDIT)).toEqual(all.slice(0, 50))
  await page.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(() => app.keys(AUDIT)).toEqual(all.slice(50, 100))
  await page.getByRole('button', { name: 'Previous page' }).click()
  await expect.poll(() => app.keys(AUDIT)).toEqual(all.slice(0, 50))
})

test('an event tells which runs it made', async ({ app, page, cluster }) => {
  await app.open('#/ops/events/')
  await expect(app.rows(EVENTS).first()).toBeVisible()
  const form = app.content.getByRole('form', { name: 'Filters' })
  const [made] = await cluster.rows<{ key: string; run: string }>(
    // Numbers of orders are given at random, so that two events may have the same.
    `select e.dedupe_key as key, min(r.id) as run from scheduler_events e join scheduler_job_runs r
       on r.idempotency_key like 'event:order.placed:' || e.dedupe_key || ':job:%'
     where e.event_type = 'order.placed' and e.dedupe_key like 'A-%'
       and (select count(*) from scheduler_events other where other.dedupe_key = e.dedupe_key) = 1
     group by e.dedupe_key order by max(e.id) desc limit 1`,
  )
  await form.getByLabel('Dedupe key').fill(made?.key ?? '')
  await expect(app.rows(EVENTS)).toHaveCount(1)
  await expect(
    app
      .rows(EVENTS)
      .first()
      .getByRole('link', { name: made?.run ?? '' }),
  ).toBeVisible()
  await app.rows(EVENTS).first().locator('.ops-open').click()
  await expect(page.getByRole('dialog')).toContainText('注文受付後処理')
  await page.keyboard.press('Escape')
})

test('a cause leads to its runs', async ({ app, page, cluster }) => {
  // The seeded history is thin here, and may have had no full disk.
  const job = await addJob(cluster, { name: 'e2e cause', command: 'x' })
  for (const file of ['/srv/export/part-1.csv', '/srv/export/part-22.csv'])
    await addFailedRun(cluster, job, { error: `OSError: [Errno 122] Disk quota exceeded: '${file}'` })
  await app.open('#/ops/failures/?window=30d')
  const cause = app.rows('Causes').filter({ hasText: 'Disk quota exceeded' }).first()
  await expect(cause).toContainText('[Errno 122]')
  const count = Number(((await cause.locator('.ops-cause-runs').textContent()) ?? '').replace(/\D/g, ''))
  await cause.locator('.ops-cause-runs').click()
  await expect(app.heading).toHaveText('Runs')
  await expect(page).toHaveURL(/error=/)
  await expect(app.content.locator('.ops-table-note')).toHaveText(`${count} run${count === 1 ? '' : 's'}`)
})

/** Gives a reason, performs, and waits until the operation is over. */
async function perform(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('e2e: tried out')
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await expect(dialog.locator('.ops-outcome')).toBeVisible()
  await expect(dialog.locator('.ops-outcome')).toContainText('Done')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(dialog).toHaveCount(0)
}

test('a setting is checked, set, applied and reset, and the audit says so', async ({ app, page, cluster }) => {
  test.setTimeout(120_000)
  const key = 'SCHEDULER_LEADER_PING_BATCH_SIZE'
  const stored = () =>
    cluster.rows<{ value: unknown }>('select value_json as value from scheduler_settings where key = $1', key)
  await app.open(`#/ops/settings/?key=${key}`)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('New value').fill('51')
  await dialog.getByRole('button', { name: 'Set…' }).click()
  await expect(dialog).toContainText('The largest value is 50.')
  await dialog.getByLabel('New value').fill('3')
  await dialog.getByRole('button', { name: 'Set…' }).click()
  await perform(page, 'Change')
  expect(JSON.stringify(await stored())).toContain('3')
  const row = app.rows('Settings').filter({ has: page.getByText(key, { exact: true }) })
  await expect(row).toContainText('Database')
  await expect(row.getByRole('link', { name: 'admin' })).toBeVisible()

  await app.content.getByRole('button', { name: 'Apply settings…' }).click()
  await perform(page, 'Apply')
  await expect
    .poll(() => cluster.value<string>('select status from scheduler_config_reload_requests order by id desc limit 1'), {
      timeout: 20_000,
    })
    .toBe('APPLIED')
  await expect(app.content.locator('.ops-apply')).toContainText('Applied')

  await row.getByRole('button').click()
  await dialog.getByRole('button', { name: 'Reset…' }).click()
  await perform(page, 'Reset')
  expect(await stored()).toEqual([])
  await row.getByRole('link', { name: 'admin' }).click()
  await expect(app.heading).toHaveText('Audit')
  await expect(dialog).toContainText('e2e: tried out')
  await page.keyboard.press('Escape')
  await expect(app.rows(AUDIT).first()).toContainText('Reset setting')
})

test('a secret is set, and shown nowhere', async ({ app, page, cluster }) => {
  const secret = 'planted-e2e-secret'
  await app.open('#/ops/settings/?key=SCHEDULER_METRICS_TOKEN')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByLabel('New value')).toHaveAttribute('type', 'password')
  await dialog.getByLabel('New value').fill(secret)
  await dialog.getByRole('button', { name: 'Set…' }).click()
  await expect(dialog.getByLabel('Reason')).toBeVisible()
  expect(await app.text()).not.toContain(secret)
  await perform(page, 'Change')
  expect(
    JSON.stringify(
      await cluster.rows(`select value_json from scheduler_settings where key = 'SCHEDULER_METRICS_TOKEN'`),
    ),
  ).toContain(secret)
  expect(await app.text()).not.toContain(secret)
  await app.go('#/ops/audit/?target=SCHEDULER_METRICS_TOKEN')
  await expect(app.rows(AUDIT).first()).toBeVisible()
  expect(await app.page.content()).not.toContain(secret)
  expect(
    await cluster.value<string>(
      `select count(*) from scheduler_admin_action_logs where payload_json::text like $1`,
      `%${secret}%`,
    ),
  ).toBe('0')
})

test('an event is ingested and its run appears with it', async ({ app, page, cluster }) => {
  await app.open('#/ops/events/')
  const key = `e2e-${Date.now()}`
  await app.content.getByRole('button', { name: 'Ingest event' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type').fill('order.placed')
  await dialog.getByRole('textbox', { name: 'Payload' }).fill('{"order": ')
  await dialog.getByLabel('Dedupe key').fill(key)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog.locator('.invalid-feedback')).toContainText('line 1')
  await dialog.getByRole('textbox', { name: 'Payload' }).fill('{"order": "E-1"}')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await perform(page, 'Ingest event')
  const run = await cluster.value<string>(
    'select id from scheduler_job_runs where idempotency_key like $1',
    `event:order.placed:${key}:%`,
  )
  await expect(app.rows(EVENTS).first()).toContainText(key)
  await expect(app.rows(EVENTS).first().getByRole('link', { name: run })).toBeVisible()
})

test('the audit is verified', async ({ app }) => {
  await app.open('#/ops/audit/')
  await expect(app.content.getByText('Every entry is on a chain')).toBeVisible()
  await app.content.getByRole('button', { name: 'Verify all' }).click()
  await expect(app.content.locator('.ops-chain-verdict')).toContainText('as they were written')
})

test('the filtered audit is written into a file that spreadsheets can read, and never over another', async ({
  app,
  page,
  cluster,
}) => {
  const folder = mkdtempSync('/tmp/opsdeck-e2e-export-')
  const count = Number(
    await cluster.value<string>(`select count(*) from scheduler_admin_action_logs where action = 'job.delete'`),
  )
  await app.open('#/ops/audit/?action=job.delete')
  await expect(app.rows(AUDIT)).toHaveCount(count)
  const write = async (format: string, file: string) => {
    await app.content.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Format').selectOption(format)
    await expect(dialog.getByLabel('File')).toHaveValue(new RegExp(`\\.${format}$`))
    await dialog.getByLabel('File').fill(join(folder, file))
    await dialog.getByRole('button', { name: 'Write' }).click()
    return dialog
  }
  await expect(await write('csv', 'audit.csv')).toHaveCount(0)
  const csv = readFileSync(join(folder, 'audit.csv'), 'utf8')
  expect(csv).toContain('id,created_at,actor,action,target')
  expect(csv).toContain("<script>alert('actor')</script>")
  await expect(await write('csv', 'audit.csv')).toContainText('exists already')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(await write('ndjson', 'audit.ndjson')).toHaveCount(0)
  const lines = readFileSync(join(folder, 'audit.ndjson'), 'utf8').trim().split('\n')
  expect(lines.map((l) => JSON.parse(l).action)).toEqual(Array(count).fill('job.delete'))
  expect(readdirSync(folder).sort()).toEqual(['audit.csv', 'audit.ndjson'])
  rmSync(folder, { recursive: true })
})

for (const name of ['settings', 'audit', 'events', 'failures'] as const) {
  test(`${name}: accessible in every language and theme, with pictures`, async ({ app, page }) => {
    test.setTimeout(180_000)
    await app.open('#/ops/')
    await page.evaluate(
      (hash) => {
        location.hash = hash
      },
      SCREENS[`${name}.title`] + (name === 'failures' ? '?window=30d' : ''),
    )
    await lookOver(app, name)
    await app.choose('theme', 'light')
    await page.setViewportSize({ width: 720, height: 860 })
    await page.screenshot({ path: `${PICTURES}/${name}-en-light-720.png` })
    await page.setViewportSize({ width: 1280, height: 860 })
    if (name === 'failures') return
    await app.rows({ settings: 'Settings', audit: AUDIT, events: EVENTS }[name]).nth(4).focus()
    // A key that is held down repeats itself; one dialog answers it.
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeVisible()
    await expect(page.getByRole('dialog').locator('.ops-face-loading')).toHaveCount(0)
    await page.waitForFunction(() => document.getAnimations().length === 0)
    await page.screenshot({ path: `${PICTURES}/${name}-dialog-en-light.png` })
  })
}
