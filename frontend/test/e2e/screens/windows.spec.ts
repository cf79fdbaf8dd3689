import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

test('a job’s screen has its times, its history and its runs', async ({ app, cluster, page }) => {
  const id = await cluster.value<string>(`select id from scheduler_job_definitions where command_name = 'order_report'`)
  await app.open('#/ops/runs/')
  await app.rows('Runs, newest first').getByRole('link', { name: '注文集計レポート' }).first().click()
  await expect(app.heading).toContainText('注文集計レポート')
  await expect(page).toHaveURL(new RegExp(`/ops/jobs/${id}/`))
  const due = app.panel('When it is due')
  await expect(due).toContainText('Every 2 minutes')
  await expect(due.getByRole('row')).toHaveCount(11)
  const latest = await cluster.rows<{ id: string }>(
    'select id from scheduler_job_runs where job_definition_id = $1 order by created_at desc, id desc limit 20',
    id,
  )
  await expect(async () =>
    expect((await app.keys('Latest runs')).slice(1, 5)).toEqual(latest.slice(1, 5).map((r) => r.id)),
  ).toPass()
  const chart = app.content.getByRole('img', { name: 'Results' })
  await expect(chart.locator('canvas')).toBeVisible()
})

test('the number of late runs leads to exactly those', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e late', command: 'x' })
  const late = await addFailedRun(cluster, job)
  await cluster.rows(
    `update scheduler_job_runs set scheduled_for = started_at - interval '90 seconds' where id = $1`,
    late,
  )
  await app.open('#/ops/')
  const panel = app.content
    .locator('section')
    .filter({ has: page.getByRole('heading', { level: 2, name: 'Late', exact: true }) })
  const number = panel.locator('a.ops-count')
  // A run may become late between the one screen and the other: they have to agree once.
  await expect(async () => {
    await app.go('#/ops/')
    await expect(number).toBeVisible()
    const n = Number(((await number.textContent()) ?? '').replace(/\D/g, ''))
    await number.click()
    await expect(app.content.getByRole('list', { name: 'Active filters' })).toContainText('More than 1m 0s late')
    await expect(app.content.locator('.ops-table-note')).toContainText(`${n} run`, { timeout: 5000 })
  }).toPass({ timeout: 45_000 })
  await expect(app.content.locator(`tr[data-key="${late}"]`)).toBeVisible()
})

test('the timeline follows wheel and keys, and its list has the same runs', async ({ app, cluster, page }) => {
  await app.open('#/ops/timeline/?span=21600000')
  const lanes = app.content.getByRole('application', { name: 'Runs on lanes, a lane for each worker' })
  await expect(lanes).toBeVisible()
  const range = app.content.locator('.ops-timeline-range')
  const before = await range.textContent()
  await lanes.hover()
  await page.mouse.wheel(0, -400)
  await expect(range).not.toHaveText(before ?? '')
  await expect(page).toHaveURL(/from=/)
  await expect(page.getByRole('switch', { name: 'Follow the present' })).not.toBeChecked()
  await lanes.focus()
  const zoomed = await range.textContent()
  await page.keyboard.press('ArrowLeft')
  await expect(range).not.toHaveText(zoomed ?? '')
  await page.getByRole('button', { name: '2 h', exact: true }).click()
  await expect(page.getByRole('switch', { name: 'Follow the present' })).toBeChecked()
  await expect(page).toHaveURL(/span=7200000/)

  await app.content.locator('summary').filter({ hasText: 'List:' }).click()
  const run = await cluster.value<string>(
    `select max(id) from scheduler_job_runs where started_at > now() - interval '90 minutes' and finished_at is not null`,
  )
  await expect(
    app.rows('Runs in sight').filter({ has: page.getByRole('link', { name: run, exact: true }) }),
  ).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: '2 h', exact: true })).toHaveClass(/active/)
})

test('what should have run is compared with what did', async ({ app, cluster, page }) => {
  // Due in half an hour, so that no leader makes a run of it meanwhile.
  const minute = (new Date().getUTCMinutes() + 30) % 60
  const job = await addJob(cluster, { name: 'e2e missed', command: 'x', schedule: { kind: 'hourly', minute } })
  await cluster.rows(
    `update scheduler_job_definitions set enabled = true, created_at = now() - interval '5 hours', updated_at = now() - interval '5 hours' where id = $1`,
    job,
  )
  const hand = await addFailedRun(cluster, job)
  await cluster.rows(
    `update scheduler_job_runs set scheduled_for = now() - interval '3 hours' + interval '0.137 seconds' where id = $1`,
    hand,
  )
  await app.open('#/ops/expected/?range=6h')
  const row = app.rows('By job').filter({ hasText: 'e2e missed' })
  await expect(row).toBeVisible()
  await cluster.rows('update scheduler_job_definitions set enabled = false where id = $1', job)
  const cells = await row.locator('td').allTextContents()
  expect(cells[1]?.trim()).toBe('5')
  await row.getByRole('button', { name: '1', exact: true }).click()
  await expect(page).toHaveURL(/verdict=(not_due|duplicate)/)
  await expect(app.rows('Not as it should be')).toHaveCount(1)
  await expect(app.rows('Not as it should be').first()).toContainText(hand)
  await page.getByRole('button', { name: 'Show all of them' }).click()
  await expect(page).not.toHaveURL(/verdict=/)
})

test('a view of the runs is saved with its columns and opened again', async ({ app, page }) => {
  await app.open('#/ops/runs/?state=FAILED&range=24h')
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Epoch' }).check()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Save this view…' }).click()
  await page.getByLabel('Name of the view').fill('day’s failures')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Epoch' }).uncheck()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await expect(page).not.toHaveURL(/state=/)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'day’s failures', exact: true }).click()
  await expect(page).toHaveURL(/state=FAILED&range=24h/)
  await expect(app.table('Runs, newest first').getByRole('columnheader', { name: 'Epoch' })).toBeVisible()
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Remove the view “day’s failures”' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('button', { name: 'Views' }).click()
  await expect(app.content).toContainText('No view is saved yet')
})

test('two runs stand side by side, with where their logs part', async ({ app, cluster, page }) => {
  const job = await addJob(cluster, { name: 'e2e compared', command: 'x' })
  const [left, right] = [
    await addFailedRun(cluster, job, { error: 'disk full', log: ['one\ntwo\n', 'three\n'] }),
    await addFailedRun(cluster, job, { error: 'no route', log: ['one\n2\n', 'three\n'] }),
  ]
  await app.open(`#/ops/runs/?job=${job}`)
  for (const id of [left, right]) await page.getByRole('checkbox', { name: `Select ${id}` }).check()
  await app.content.getByRole('link', { name: 'Compare', exact: true }).click()
  await expect(app.heading).toHaveText(`Runs ${left} and ${right}`)
  await expect(app.content.getByRole('row', { name: /Error/ })).toHaveClass(/ops-differs/)
  await expect(app.content.getByRole('row', { name: /State/ })).not.toHaveClass(/ops-differs/)
  const parts = app.content.getByRole('region', { name: 'Where their logs part' })
  await expect(parts.locator('.ops-diff-left')).toHaveText(/two/)
  await expect(parts.locator('.ops-diff-right')).toHaveText(/2/)
  await page.getByRole('link', { name: 'Swap sides' }).click()
  await expect(parts.locator('.ops-diff-left')).toHaveText(/2/)

  await app.go(`#/ops/runs/${left}/`)
  await page.getByRole('button', { name: 'Compare…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: right, exact: true }).click()
  await expect(app.heading).toHaveText(`Runs ${left} and ${right}`)
})
