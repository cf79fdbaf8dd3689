import { expect, test } from '../support/test.ts'

test('a lost PostgreSQL shows as unreachable and stale, and comes back by itself', async ({ app, page, cluster }) => {
  test.setTimeout(120_000)
  await app.open('#/ops/runs/')
  await expect(app.rows('Runs, newest first')).toHaveCount(50)
  const bringBack = await cluster.hidePostgres()
  try {
    await expect(app.header.locator('.ops-connection-lost')).toHaveText('No answer', { timeout: 30_000 })
    await expect(app.content.getByText('The data is older than it should be.')).toBeVisible({ timeout: 30_000 })
    await expect(app.rows('Runs, newest first')).toHaveCount(50)
    await page.evaluate(() => {
      location.hash = '#/ops/jobs/'
    })
    await expect(app.content.locator('.ops-face-unreachable')).toBeVisible({ timeout: 30_000 })
  } finally {
    bringBack()
  }
  await app.live({ timeout: 45_000 }) // jobs are read every 30 s
  await expect(app.content.getByText('The data is older than it should be.')).toBeHidden()
  await expect(app.rows('Jobs')).not.toHaveCount(0)
})

test('a silent Redis shows as unreachable and stale, and comes back by itself', async ({ app, cluster }) => {
  await app.open('#/ops/workers/')
  const rows = app.rows('Workers')
  const before = await rows.count()
  const goOn = await cluster.freezeRedis()
  try {
    await expect(app.header.locator('.ops-connection-lost')).toHaveText('No answer', { timeout: 30_000 })
    await expect(app.content.getByText('The data is older than it should be.')).toBeVisible({ timeout: 30_000 })
    await expect(rows).toHaveCount(before)
  } finally {
    goOn()
  }
  await app.live()
  await expect(rows).not.toHaveCount(0)
})
