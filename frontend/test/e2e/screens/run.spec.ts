import { calm } from '../support/calm.ts'
import { addDueRun, addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// Who gets the runs of these tests, and when, must not hang on what else the sandbox has to do.
let restore: () => Promise<void>
test.beforeAll(async ({ cluster }) => {
  restore = await calm(cluster)
})
test.afterAll(() => restore())

test('a run is followed from being due to its end, with its log as it grows', async ({ app, cluster }) => {
  test.setTimeout(180_000)
  const job = await addJob(cluster, { name: 'followed', command: 'cache_rebuild' }) // two lines, about 20 s apart
  const run = await addDueRun(cluster, job)
  await app.open(`#/ops/runs/${run}/`)
  await expect(app.heading).toContainText('Running', { timeout: 30_000 })

  const log = app.content.getByRole('region', { name: 'Log of attempt 0' })
  const note = app.content.locator('.ops-log-note')
  await expect(app.content.getByRole('switch', { name: 'Follow' })).toBeChecked()
  await expect(log).toContainText('カテゴリ', { timeout: 40_000 })
  const early = await note.textContent()
  await expect(note).not.toHaveText(early ?? '', { timeout: 40_000 })

  await expect(app.heading).toContainText('Succeeded', { timeout: 60_000 })
  const text = await cluster.value<string>(
    `select string_agg(convert_from(chunk, 'UTF8'), '' order by seq) from opsdeck_node.run_log where run_id = $1`,
    run,
  )
  const lines = text.trimEnd().split('\n')
  await expect(note).toContainText(`${lines.length} lines`)
  await expect(log).toContainText(lines.at(-1) ?? '')

  const timeline = app.panel('Timeline')
  for (const moment of ['Scheduled', 'Assigned', 'Started', 'Finished']) await expect(timeline).toContainText(moment)
  const { worker, epoch } = (
    await cluster.rows<{ worker: string; epoch: string }>(
      'select assigned_worker_id as worker, leader_epoch as epoch from scheduler_job_runs where id = $1',
      run,
    )
  )[0] ?? { worker: '', epoch: '' }
  const attempts = app.table('Recorded attempts').locator('tbody tr')
  await expect(attempts).toHaveCount(1)
  await expect(attempts).toContainText(worker)
  await expect(app.fact(app.panel('Facts'), 'Leader epoch')).toHaveText(epoch)
})

test('a log is searched, and its first error found', async ({ app, page, cluster }) => {
  const job = await addJob(cluster, { name: 'searched', command: 'x' })
  const lines = Array.from({ length: 5000 }, (_, i) =>
    i === 4320 ? '\u001b[31mERROR\u001b[0m: boom' : `line ${i + 1}`,
  )
  const run = await addFailedRun(cluster, job, { log: [`${lines.join('\n')}\n`] })
  await app.open(`#/ops/runs/${run}/`)
  const log = app.content.getByRole('region', { name: 'Log of attempt 0' })
  await expect(app.content.locator('.ops-log-note')).toContainText('5,000 lines')

  await page.getByRole('button', { name: 'First error' }).click()
  await log.scrollIntoViewIfNeeded()
  await expect(log.getByText('ERROR')).toBeInViewport()
  await page.keyboard.press('/')
  await page.getByLabel('Search the log').fill('line 2500')
  await expect(log.locator('mark').first()).toBeInViewport()
  await expect(log.locator('.ops-log-current')).toContainText('line 2500')
  await page.getByLabel('Search the log').fill('line 10')
  await page.getByRole('button', { name: 'Next find' }).click()
  await expect(log.locator('.ops-log-current mark')).toHaveText('line 10')
  await page.getByLabel('Search the log').fill('not there')
  await expect(app.content.getByText('Nothing further found')).toBeVisible()
})

test('a run that does not exist says so', async ({ app, page }) => {
  await app.open('#/ops/')
  await page.evaluate(() => {
    location.hash = '#/ops/runs/999999999/'
  })
  await expect(app.content.getByText('There is no run 999999999')).toBeVisible()
  await page.getByRole('button', { name: 'To the list of runs' }).click()
  await expect(app.heading).toHaveText('Runs')
})
