import { PICTURES } from '../support/looks.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

const LINES = 1_000_000

test('a log of 100 MB is looked through like a small one', async ({ app, page, cluster }) => {
  test.setTimeout(300_000)
  const job = await addJob(cluster, { name: 'verbose', command: 'x' })
  const run = await addFailedRun(cluster, job, { log: ['begin\n'] })
  await cluster.rows(
    `insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
     select $1, 0, 10 + s, now(), 'stdout', convert_to((
       select string_agg(case when s = 700 and l = 1 then 'ERROR the needle' else format('chunk %s line %s %s', s, l, repeat('.', 80)) end, E'\\n')
       from generate_series(1, 1000) l) || E'\\n', 'UTF8')
     from generate_series(1, 1000) s`,
    run,
  )
  await app.open(`#/ops/runs/${run}/`)
  const log = app.content.getByRole('region', { name: 'Log of attempt 0' })
  const note = app.content.locator('.ops-log-note')
  await expect(note).toContainText(`${(LINES + 1).toLocaleString('en')} lines`, { timeout: 200_000 })
  await expect(app.content.getByText('from the cluster’s database')).toBeVisible()

  await page.getByLabel('Go to line').fill('500001')
  await page.getByLabel('Go to line').press('Enter')
  const middle = log.locator('.ops-log-current')
  await expect(middle).toContainText('chunk 500 line 1000')
  // Looking through all of it moves nothing until there is a find.
  await page.getByLabel('Search the log').fill('not in this log')
  await expect(note).toHaveText('Nothing further found', { timeout: 60_000 })
  await expect(log).toContainText('chunk 500 line 1000')
  await page.getByLabel('Search the log').fill('THE NEEDLE')
  await expect(log.locator('.ops-log-current mark')).toHaveText('the needle', { timeout: 60_000 })
  await expect(note).toHaveText('1 of 1')

  await log.focus()
  await page.keyboard.press('Home')
  await expect(log).toContainText('begin')
  await page.keyboard.press('End')
  await expect(log).toContainText('chunk 1000 line 1000')
  await page.getByRole('button', { name: 'First error' }).click()
  await expect(log.locator('.ops-log-current')).toContainText('ERROR the needle')
  await page.getByRole('switch', { name: 'Wrap' }).check()
  await page.getByRole('switch', { name: 'Times' }).check()
  await expect(log.locator('.ops-log-current')).toContainText('ERROR the needle')
  await log.scrollIntoViewIfNeeded()
  await page.screenshot({ path: `${PICTURES}/largelog-en.png` })
  await app.choose('language', 'ja')
  await app.content.locator('.ops-log').scrollIntoViewIfNeeded()
  await page.screenshot({ path: `${PICTURES}/largelog-ja.png` })
})

test('a log that lies elsewhere says where and what to do', async ({ app, page, cluster }) => {
  const job = await addJob(cluster, { name: 'elsewhere', command: 'x' })
  const cases: [string, string, string][] = [
    ['/var/log/jobs/7.log', 'The log lies on a worker’s host', '/var/log/jobs/7.log'],
    ['https://logs.example.com/7.log', 'The log may not be read', 'logs.example.com'],
    ['s3://bucket/7.log', 'The log may not be read', 'names none'],
  ]
  for (const [ref, title, words] of cases) {
    const run = await addFailedRun(cluster, job, { logRef: ref })
    await app.open(`#/ops/runs/${run}/`)
    const panel = app.content.getByRole('region', { name: 'Log', exact: true })
    await expect(panel).toContainText(title)
    await expect(panel).toContainText(words)
    await panel.scrollIntoViewIfNeeded()
    await page.screenshot({ path: `${PICTURES}/log-${ref.replace(/\W+/g, '-')}.png` })
  }
})
