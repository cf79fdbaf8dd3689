import type { App } from '../support/app.ts'
import { expect, test } from '../support/test.ts'

const row = (app: App, name: string) => app.rows('Jobs').filter({ hasText: name })

test('every job has its schedule in words', async ({ app, cluster }) => {
  await app.open('#/ops/jobs/')
  const count = Number(await cluster.value<string>('select count(*) from scheduler_job_definitions'))
  await expect(app.content.locator('.ops-table-note')).toHaveText(`${count} rows`)
  for (const [name, words] of [
    ['ハートビート確認', 'Every minute'],
    ['Mail queue', 'Every 10 minutes'],
    ['Metrics roll-up', 'Every hour at :05'],
    ['日次バックアップ', 'Daily at 18:00'],
    ['Weekday digest', 'Monday to Friday at 00:00'],
    ['Weekly vacuum', 'Every Sunday at 17:00'],
    ['File arrival check', 'When file.arrived comes'],
  ] as const) {
    await expect(row(app, name)).toContainText(words)
  }
  await app.choose('language', 'ja')
  await expect(app.content.locator('tr').filter({ hasText: 'Mail queue' })).toContainText('10 分ごと')
})

test('next times stand on this machine’s clock and on UTC', async ({ app }) => {
  await app.open('#/ops/jobs/')
  const table = app.table('Jobs')
  await expect(table.getByRole('columnheader', { name: /^Next \(\+09:00\)/ })).toBeVisible()
  await expect(table.getByRole('columnheader', { name: /^Next \(UTC\)/ })).toBeVisible()
  const times = row(app, '日次バックアップ').locator('td time')
  const texts = await times.allTextContents()
  expect(texts.slice(0, 3).every((text) => text.trim().endsWith('03:00'))).toBe(true)
  expect(texts.slice(3, 6).every((text) => text.trim().endsWith('18:00'))).toBe(true)
})

test('a schedule that never fires says why in red', async ({ app, page }) => {
  await app.open('#/ops/jobs/')
  const impossible = row(app, 'Lunar calendar sync')
  const why = impossible.locator('.ops-schedule .ops-bad').first()
  await expect(why).toContainText('Never fires')
  await expect(impossible).toContainText('The kind “lunar” is none of')
  const [red, other] = await Promise.all([
    why.evaluate((e) => getComputedStyle(e).color),
    row(app, 'Mail queue').evaluate((e) => getComputedStyle(e).color),
  ])
  expect(red).not.toBe(other)
  await impossible.getByRole('button', { name: 'Schedule of Lunar calendar sync as JSON' }).click()
  await expect(page.getByRole('dialog')).toContainText('"lunar"')
})

test('the way to a job’s runs', async ({ app, page, cluster }) => {
  await app.open('#/ops/jobs/')
  const id = await cluster.value<string>(`select id from scheduler_job_definitions where command_name = 'mail_queue'`)
  await row(app, 'Mail queue').getByRole('link', { name: 'Runs of Mail queue' }).click()
  await expect(app.heading).toHaveText('Runs')
  await expect(page).toHaveURL(new RegExp(`job=${id}`))
  await expect(app.content.getByRole('list', { name: 'Active filters' })).toContainText('Mail queue')
})
