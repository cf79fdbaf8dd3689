import { lookOver, PICTURES } from '../support/looks.ts'
import { expect, test } from '../support/test.ts'

test('what is watched has a screen', async ({ app, page, cluster }) => {
  test.setTimeout(180_000) // six analyses
  const job = await cluster.value('select id from scheduler_job_definitions where command_name = $1', 'order_report')
  await app.open(`#/ops/jobs/${job}/`)
  await app.content.getByRole('button', { name: 'Watch', exact: true }).click()
  await page.getByRole('checkbox', { name: 'One starts late' }).check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(app.content.getByRole('button', { name: 'Watching' })).toBeVisible()
  try {
    await app.go('#/ops/watching/')
    await app.content.getByRole('button', { name: 'Watch the leader' }).click()
    await expect(app.table('Watched').locator('tbody tr')).toHaveCount(2)
    await lookOver(app, 'watching')
    await page.setViewportSize({ width: 720, height: 860 })
    await app.choose('theme', 'light')
    const bell = app.header.getByRole('button', { name: /^What has happened/ })
    await bell.click()
    await page.screenshot({ path: `${PICTURES}/watching-en-light-720.png` })
    expect(await app.overflow()).toBe(0)
    await expect(app.header.locator('.ops-bell-menu')).toBeVisible()
  } finally {
    const stop = app.content.getByRole('button', { name: /^Stop watching/ })
    for (let left = await stop.count(); left > 0; left--) {
      await stop.first().click()
      await expect(stop).toHaveCount(left - 1)
    }
  }
})
