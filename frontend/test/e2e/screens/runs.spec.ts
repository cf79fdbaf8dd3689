import type { App } from '../support/app.ts'
import type { Cluster } from '../support/cluster.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

const RUNS = 'Runs, newest first'

/** What the list should show for a condition, from PostgreSQL itself. */
async function wanted(cluster: Cluster, where: string, ...values: unknown[]): Promise<string[]> {
  const rows = await cluster.rows<{ id: string }>(
    `select id from scheduler_job_runs r where ${where} order by created_at desc, id desc limit 50`,
    ...values,
  )
  return rows.map((r) => r.id)
}

/** Runs come and change while both sides are read: they have to agree once, within two refreshes. */
async function agrees(app: App, cluster: Cluster, where: string, ...values: unknown[]): Promise<void> {
  await expect(async () => {
    const ids = await wanted(cluster, where, ...values)
    expect(await app.keys(RUNS)).toEqual(ids)
  }).toPass({ timeout: 20_000 })
}

test('the newest run comes first, and pages follow one another without a gap', async ({ app, page, cluster }) => {
  await app.open('#/ops/runs/')
  await agrees(app, cluster, 'true')

  // Whoever reads further down gets no new rows: the page stays what it is until it is left.
  await app.content.getByRole('region', { name: RUNS }).evaluate((element) => element.scrollTo(0, 200))
  const first = await app.keys(RUNS)
  await page.getByRole('button', { name: 'Next page' }).click()
  const after = (id: string | undefined) =>
    wanted(cluster, '(created_at, id) < (select created_at, id from scheduler_job_runs where id = $1)', id)
  await expect.poll(() => app.keys(RUNS)).not.toEqual(first)
  const second = await app.keys(RUNS)
  expect(second).toEqual(await after(first.at(-1)))
  await page.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(() => app.keys(RUNS)).not.toEqual(second)
  expect(await app.keys(RUNS)).toEqual(await after(second.at(-1)))

  await page.getByRole('button', { name: 'Previous page' }).click()
  await expect.poll(() => app.keys(RUNS)).toEqual(second)
  await page.reload()
  await expect.poll(() => app.keys(RUNS), { message: 'the address leads back to the same page' }).toEqual(second)
  await page.getByRole('button', { name: 'First page' }).click()
  await agrees(app, cluster, 'true')
})

test('a jump goes to a time', async ({ app, page, cluster }) => {
  await app.open('#/ops/runs/', { zone: 'utc' })
  const at = await cluster.value<Date>(
    `select date_trunc('minute', created_at) from scheduler_job_runs order by id offset 500 limit 1`,
  )
  await page.getByLabel('Show the runs from this time backwards').fill(at.toISOString().slice(0, 16))
  await page.getByRole('button', { name: 'Go to' }).click()
  await agrees(app, cluster, 'created_at <= $1', at)
  await page.getByRole('button', { name: 'Previous page' }).click()
  const oldest = (await wanted(cluster, 'true')).at(-1)
  await expect.poll(async () => (await app.keys(RUNS)).at(-1)).not.toBe(oldest)
})

test('every filter narrows the list, alone and together, and stands in the address', async ({ app, page, cluster }) => {
  await app.open('#/ops/runs/')
  const form = app.content.getByRole('form', { name: 'Filters' })
  const clear = page.getByRole('button', { name: 'Clear filters' }).first()
  const [job] = await cluster.rows<{ id: string; name: string }>(
    `select id, name from scheduler_job_definitions where command_name = 'order_report'`,
  )
  const worker = await cluster.value<string>(
    `select assigned_worker_id from scheduler_job_runs where assigned_worker_id <> ''
     group by 1 order by count(*) desc limit 1`,
  )
  const epoch = await cluster.value<string>('select max(leader_epoch) from scheduler_job_runs')
  await form.getByText('More filters').click()

  const fields: [act: () => Promise<unknown>, where: string, value?: unknown][] = [
    [
      async () => {
        await form.getByRole('button', { name: 'State' }).click()
        await form.getByLabel('Timed out').check()
        await form.getByLabel('Failed').check()
        await page.keyboard.press('Escape')
      },
      `state in ('FAILED', 'TIMED_OUT')`,
    ],
    [
      async () => {
        await form.getByRole('combobox', { name: 'Job' }).fill(job?.name ?? '')
        await page.keyboard.press('Enter')
      },
      'job_definition_id = $1',
      job?.id,
    ],
    [() => form.getByLabel('Created').selectOption('24h'), `created_at > now() - interval '24 hours'`],
    [() => form.getByLabel('Text in the error').fill('TIMEOUT'), `error_summary ilike '%timeout%'`],
    [() => form.getByLabel('Worker').fill(worker), 'assigned_worker_id = $1', worker],
    [() => form.getByLabel('Epoch').fill(epoch), 'leader_epoch = $1', epoch],
    [
      () => form.getByLabel('Lasted at least').fill('1m'),
      `coalesce(finished_at, case when state = 'RUNNING' then now() end) - started_at >= interval '1 minute'`,
    ],
    [
      () => form.getByLabel('At most').fill('2.5s'),
      `coalesce(finished_at, case when state = 'RUNNING' then now() end) - started_at <= interval '2.5 seconds'`,
    ],
    [() => form.getByLabel('Attempt from').fill('1'), 'attempt >= 1'],
  ]
  for (const [act, where, value] of fields) {
    await test.step(where, async () => {
      await act()
      await expect(app.content.getByRole('list', { name: 'Active filters' })).toBeVisible()
      await agrees(app, cluster, where, ...(value === undefined ? [] : [value]))
      await clear.click()
    })
  }

  await page.goto(`${page.url().split('#')[0]}#/ops/runs/?state=SUCCEEDED&job=${job?.id}&min=1000`)
  await agrees(
    app,
    cluster,
    `state = 'SUCCEEDED' and job_definition_id = $1 and finished_at - started_at >= interval '1 second'`,
    job?.id,
  )
  await expect(async () => {
    const count = await cluster.value<string>(
      `select count(*) from scheduler_job_runs
       where state = 'SUCCEEDED' and job_definition_id = $1 and finished_at - started_at >= interval '1 second'`,
      job?.id,
    )
    const note = `${Number(count).toLocaleString('en')} run`
    await expect(app.content.locator('.ops-table-note')).toContainText(note, { timeout: 500 })
  }).toPass({ timeout: 40_000 })
})

test('a filter that can’t be is refused at its field', async ({ app, page }) => {
  await app.open('#/ops/runs/')
  const form = app.content.getByRole('form', { name: 'Filters' })
  await form.getByLabel('Text in the error').fill('ab')
  await expect(form.getByText('Search for at least 3 characters, or choose a time range.')).toBeVisible()
  await form.getByText('More filters').click()
  await form.getByLabel('Lasted at least').fill('soon')
  await expect(form.getByText('Write a length of time such as 90s, 2m 30s or 1h.')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(1)
})

test('a refresh brings new runs and patches old ones in place', async ({ app, cluster }) => {
  const job = await addJob(cluster, { name: 'patched', command: 'x' })
  const id = await addFailedRun(cluster, job, { error: 'before' })
  await app.open(`#/ops/runs/?job=${job}`)
  const row = app.content.locator(`tr[data-key="${id}"]`)
  await expect(row).toContainText('before')
  await row.evaluate((element) => Object.assign(element, { seenBefore: true }))
  await cluster.rows(`update scheduler_job_runs set error_summary = 'after', version = version + 1 where id = $1`, id)
  await expect(row).toContainText('after')
  expect(await row.evaluate((element) => 'seenBefore' in element)).toBe(true)

  const added = await addFailedRun(cluster, job)
  await expect(app.rows(RUNS).first()).toHaveAttribute('data-key', added)
  expect(await row.evaluate((element) => 'seenBefore' in element)).toBe(true)
})

test('while somebody reads further down, new runs wait behind a button', async ({ app, page, cluster }) => {
  await app.open('#/ops/runs/')
  await expect(app.rows(RUNS)).toHaveCount(50)
  const scroll = app.content.getByRole('region', { name: RUNS })
  await scroll.evaluate((element) => element.scrollTo(0, 200))
  const before = await app.keys(RUNS)
  const added = await addFailedRun(cluster, await addJob(cluster, { name: 'added', command: 'x' }))
  const waiting = page.getByRole('button', { name: /\d+ new/ })
  await expect(waiting).toBeVisible()
  expect(await app.keys(RUNS)).toEqual(before)
  expect(await scroll.evaluate((element) => element.scrollTop)).toBe(200)
  await waiting.click()
  await expect(app.content.locator(`tr[data-key="${added}"]`)).toBeAttached()
})
