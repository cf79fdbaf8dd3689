import { expect } from '@playwright/test'
import { type Desk, fillProfile, openDesk, openFirstScreen, serversOf } from '../support/desk.ts'
import { lookOver, PICTURES } from '../support/looks.ts'
import { test } from '../support/test.ts'

test.describe.configure({ mode: 'serial' })

let desk: Desk
test.beforeAll(async () => {
  desk = await openDesk()
})
test.afterAll(() => desk.close())

test('says what to do first where there is no environment yet', async ({ app, page }) => {
  test.setTimeout(200_000)
  await openFirstScreen(app)
  await expect(page.getByRole('heading', { name: 'Add your first environment' })).toBeVisible()
  await lookOver(app, 'profiles-first')
  await page.getByRole('link', { name: 'Add Production' }).click()
  await expect(app.heading).toHaveText('New environment')
  await expect(app.content.locator('[name="kind"]')).toHaveValue('production')
})

test('a profile says what is wrong at its field, and unsaved work is guarded', async ({ app, page }) => {
  test.setTimeout(200_000)
  await openFirstScreen(app)
  await page.getByRole('link', { name: 'Add an environment' }).click()
  await app.content.locator('[name="name"]').fill('Half done')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(app.content.locator('[name="postgres.hosts"]')).toHaveClass(/is-invalid/)
  await expect(app.content.locator('[name="postgres.hosts"]')).toBeFocused()
  await lookOver(app, 'profiles-editor')
  await page.getByRole('link', { name: 'Back to the environments' }).click()
  const ask = page.getByRole('dialog', { name: 'Leave without saving?' })
  await ask.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.content.locator('[name="name"]')).toHaveValue('Half done')
  await page.getByRole('link', { name: 'Back to the environments' }).click()
  await ask.getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByRole('heading', { name: 'Add your first environment' })).toBeVisible()
})

test('an address fills the fields, and its password becomes a secret that is not shown', async ({ app, page }) => {
  await openFirstScreen(app)
  await page.getByRole('link', { name: 'Add an environment' }).click()
  const address = app.content.locator('#profile-url-postgres')
  await address.fill('postgres://satou:pl4nted@db.example/jobs?sslmode=require')
  await page.getByRole('button', { name: 'Fill in' }).first().click()
  await expect(app.content.locator('[name="postgres.hosts"]')).toHaveValue('db.example:5432')
  await expect(app.content.locator('[name="postgres.user"]')).toHaveValue('satou')
  await expect(app.content.locator('[name="postgres.ssl_mode"]')).toHaveValue('require')
  await expect(app.content.locator('[name="postgres_password"]')).toHaveAttribute('type', 'password')
  await expect(address).toHaveValue('')
})

test('production is added, opened locked, unlocked for a while, operated and locked again', async ({
  app,
  page,
  cluster,
}) => {
  test.setTimeout(400_000)
  await openFirstScreen(app)
  await page.getByRole('link', { name: 'Add an environment' }).click()
  await fillProfile(app, 'Tokyo', 'production', serversOf('operator'))
  await page.getByRole('button', { name: 'Test now' }).click()
  await expect(page.locator('.ops-findings-end')).toHaveText(/answers as it should|Read the warnings/, {
    timeout: 90_000,
  })
  await expect(page.locator('.ops-finding').filter({ hasText: 'PostgreSQL: login' })).toContainText('in order')
  await page.screenshot({ path: `${PICTURES}/profiles-tested.png`, fullPage: true })
  await page.getByRole('button', { name: 'Save and open' }).click()
  await expect(app.heading).toHaveText('Dashboard', { timeout: 60_000 })
  await app.live()

  await expect(page).toHaveTitle(/^\[Production\] Tokyo – Dashboard/)
  await expect(app.header.locator('.ops-environment-production')).toContainText('Tokyo')
  const frame = await page.evaluate(() => getComputedStyle(document.body, '::after').borderTopStyle)
  expect(frame).toBe('double')
  await expect(app.header).toContainText('Locked')
  await lookOver(app, 'profiles-production-locked')

  const entries = () =>
    cluster.value<string>("select count(*) from scheduler_admin_action_logs where actor = 'operator'")
  const before = await entries()
  await app.go('#/ops/jobs/')
  await page.locator('tbody tr[data-key] .ops-menu button').first().click()
  await page
    .getByRole('button', { name: /^Run now/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('read-only until you unlock it')
  expect(await entries()).toBe(before)

  await dialog.getByRole('button', { name: 'Unlock…' }).click()
  const unlock = page.getByRole('dialog', { name: 'Unlock this environment' })
  await expect(unlock.getByRole('button', { name: 'Unlock', exact: true })).toBeDisabled()
  await unlock.getByLabel('Reason').fill('incident 7')
  await unlock.getByRole('button', { name: 'Unlock', exact: true }).click()
  await expect(app.header).toContainText('Unlocked')
  const row = await cluster.rows<{ entry: string }>(
    `select concat_ws(' ', action, payload_json ->> 'reason') as entry from scheduler_admin_action_logs where actor = 'operator' order by id desc limit 1`,
  )
  expect(row[0]?.entry).toBe('session.unlock incident 7')

  // The operation that met the lock comes back by itself.
  await expect(dialog.getByLabel('Reason')).toBeVisible()
  await dialog.getByLabel('Reason').fill('as asked')
  await dialog.getByRole('button', { name: /^Run/ }).click()
  await expect(dialog.locator('.ops-outcome-result')).toBeVisible({ timeout: 50_000 })
  await dialog.locator('.modal-footer').getByRole('button', { name: 'Close' }).click()
  await page.screenshot({ path: `${PICTURES}/profiles-production-unlocked.png` })

  await app.header.getByRole('button', { name: 'Lock now' }).click()
  await expect(app.header).toContainText('Locked')
})

test('clicks at random write nothing in a locked environment', async ({ app, page, cluster }) => {
  test.setTimeout(400_000)
  await app.open('#/ops/')
  const written = async () => ({
    audit: await cluster.value<string>("select count(*) from scheduler_admin_action_logs where actor = 'operator'"),
    jobs: await cluster.value<string>(
      `select md5(string_agg(concat(id, name, enabled, schedule, default_args_json), ',' order by id)) from scheduler_job_definitions`,
    ),
    settings: await cluster.value<string>('select count(*) from scheduler_settings'),
    flags: (await cluster.redis.keys('scheduler:detach:*')).length,
    degrade: await cluster.redis.exists('scheduler:leader:degrade'),
  })
  const before = await written()
  const clicks = await page.evaluate(async (limit) => {
    const screens = ['', 'runs/', 'jobs/', 'workers/', 'timeline/', 'failures/', 'events/', 'settings/', 'audit/']
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % n
    }
    // Leaving the environment would make the rest of the clicks harmless, and files are not what this is about.
    const leads = (e: Element) => e.getAttribute('href') === '#/' || /export|csv|ndjson|json/i.test(e.textContent ?? '')
    let n = 0
    for (const end = performance.now() + limit; n < 10_000 && performance.now() < end; n++) {
      const found = [
        ...document.querySelectorAll(
          '#ops-content button, #ops-content a, #ops-content input, .modal button, .dropdown-menu button, #ops-header button',
        ),
      ]
      const target = found[random(Math.max(1, found.length))]
      if (n % 97 === 0) location.hash = `#/ops/${screens[random(screens.length)]}`
      if (target instanceof HTMLElement && !leads(target)) target.click()
      await new Promise((resolve) => setTimeout(resolve, n % 20 === 0 ? 30 : 0))
    }
    return n
  }, 45_000)
  test.info().annotations.push({ type: 'clicks', description: String(clicks) })
  expect(clicks).toBeGreaterThan(50)
  expect(await written()).toEqual(before)
  await expect(app.header.locator('.ops-environment-production')).toContainText('Tokyo')
})

test('switching closes production first, and nothing of it stays on screen', async ({ app, page }) => {
  test.setTimeout(300_000)
  await app.open('#/ops/')
  await page.evaluate(() => {
    location.hash = '#/'
  })
  await expect(app.heading).toHaveText('Opsdeck')
  await lookOver(app, 'profiles-list')
  await page.getByRole('link', { name: 'Add an environment' }).click()
  await fillProfile(app, 'Practice', 'sandbox', serversOf('admin'))
  await page.getByRole('button', { name: 'Save and open' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close and switch' }).click()
  await expect(app.heading).toHaveText('Dashboard', { timeout: 60_000 })
  await app.live()
  await expect(page).toHaveTitle(/^\[Sandbox\] Practice/)
  await expect(app.header).not.toContainText('Tokyo')
  await expect(app.header).not.toContainText('Locked')
  expect(await page.evaluate(() => document.documentElement.dataset['opsEnvironment'])).toBe('sandbox')
})

test('an environment that does not answer says which part, and leads to its editor', async ({ app, page }) => {
  test.setTimeout(300_000)
  await app.open('#/ops/')
  await page.evaluate(() => {
    location.hash = '#/'
  })
  await page.getByRole('link', { name: 'Add an environment' }).click()
  const servers = serversOf('operator')
  servers.profile.postgres.hosts = ['/tmp/opsdeck-nowhere:5432']
  await fillProfile(app, 'Nowhere', 'staging', servers)
  await page.getByRole('button', { name: 'Save and open' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close and switch' }).click()
  const card = page.locator('[data-profile="nowhere"]')
  await expect(card.getByRole('alert')).toContainText('PostgreSQL', { timeout: 60_000 })
  await lookOver(app, 'profiles-failed')
  await card.getByRole('link', { name: 'Edit' }).click()
  await expect(app.heading).toHaveText('Environment Nowhere')
})
