import { expect, test } from './support/test.ts'

test('the sandbox starts from the first screen, shows how far it is, and opens live', async ({ app, page }) => {
  test.setTimeout(240_000)
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await expect(app.heading).toHaveText('Opsdeck')
  await expect(app.header).toContainText('Not connected')
  await expect(app.nav.getByRole('link')).toHaveCount(1)

  await page.getByRole('button', { name: 'Start the sandbox' }).click()
  await expect(app.content.getByRole('progressbar', { name: 'Starting the sandbox' })).toBeVisible()
  await expect(app.header).toContainText('Connecting…')

  await expect(app.heading).toHaveText('Dashboard', { timeout: 180_000 })
  await app.live()
  await expect(app.nav.getByRole('link', { name: 'Audit' })).toBeVisible()
})
