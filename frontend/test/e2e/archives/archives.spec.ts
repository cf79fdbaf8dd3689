import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type App, SCREENS, TEXTS } from '../support/app.ts'
import { lookOver, PICTURES } from '../support/looks.ts'
import { expect, test } from '../support/test.ts'

let folder = ''
const archive = () => join(folder, 'incident.opsdeck')

test.describe.configure({ mode: 'serial' })
test.beforeAll(() => {
  folder = mkdtempSync('/tmp/opsdeck-archives-')
})
test.afterAll(() => rmSync(folder, { recursive: true }))

/** Waits until the archive's screen has its answers. */
async function still(app: App): Promise<void> {
  await expect(app.header.locator('.ops-environment-archive')).toBeVisible()
  await expect(app.content.locator('.ops-face-loading')).toHaveCount(0)
}

/** Goes to the first screen. A window that opens with something shown does not begin there. */
async function first(app: App): Promise<void> {
  await app.page.evaluate(() => {
    location.hash = '#/'
  })
  await expect(app.heading).toHaveText('Opsdeck')
}

/** Opens an archive from the first screen, whatever is shown. */
async function openFile(app: App, path: string): Promise<void> {
  await first(app)
  await app.content.getByLabel('File', { exact: true }).fill(path)
  await app.content.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(app.heading).toHaveText('Dashboard')
  await still(app)
}

async function goTo(app: App, address: string): Promise<void> {
  await app.page.evaluate((hash) => {
    location.hash = hash
  }, address)
  await still(app)
}

/** Puts the slider somewhere and waits until the screens have followed. */
async function moveTo(app: App, key: 'Home' | 'End'): Promise<void> {
  const strip = app.page.locator('#ops-strip')
  const before = await strip.locator('.ops-strip-asof').textContent()
  await strip.getByRole('slider').press(key)
  await expect(strip.locator('.ops-strip-asof')).not.toHaveText(before ?? '')
  await still(app)
}

test('an incident is exported from the dashboard, and opened when it is finished', async ({ app, page }) => {
  test.setTimeout(180_000)
  await app.open(SCREENS['dashboard.title'])
  await app.content.getByRole('button', { name: 'Export an incident…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('<b>Incident</b>')
  await dialog.locator('#ops-archive-file').fill(archive())
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  const tasks = page.getByRole('region', { name: 'Exports' })
  await expect(tasks).toContainText('Finished', { timeout: 120_000 })
  expect(existsSync(archive())).toBe(true)
  expect(existsSync(`${archive()}.partial`)).toBe(false)
  await tasks.getByRole('button', { name: 'Open the archive: <b>Incident</b>' }).click()
  await still(app)
  await expect(app.header).toContainText('<b>Incident</b>')
  await expect(page.locator('#ops-strip')).toContainText('Intact, not signed', { timeout: 60_000 })
  await tasks.getByRole('button', { name: 'Remove from this list: <b>Incident</b>' }).click()
  await expect(tasks).toBeHidden()
})

test('every screen shows the archive, is accessible, and offers nothing to do', async ({ app, page }) => {
  test.setTimeout(300_000)
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await still(app)
  const deeds =
    /^(Run now|Enable|Disable|Delete|Cancel|Reassign|Detach|Drain|Degrade|New job|Edit|Change|Unlock|Reload)\b/
  for (const [title, address] of Object.entries(SCREENS)) {
    await goTo(app, address)
    await expect(app.heading).toHaveText(TEXTS.en[title as keyof typeof SCREENS])
    await expect(app.content.locator('.ops-face-failed')).toHaveCount(0)
    // Settings are called after what they are about, such as draining: their rows are no deeds.
    if (title !== 'settings.title') await expect(page.getByRole('button', { name: deeds })).toHaveCount(0)
    const { violations } = await new AxeBuilder({ page }).exclude('tbody tr:nth-child(n+9)').analyze()
    expect(violations.map((v) => `${title}: ${v.id} ${v.nodes[0]?.html}`)).toEqual([])
    await page.screenshot({ path: `${PICTURES}/archive-${title.split('.')[0]}-en-light.png` })
  }
  await goTo(app, SCREENS['dashboard.title'])
  await page.setViewportSize({ width: 720, height: 860 })
  expect(await app.overflow()).toBe(0)
  await page.screenshot({ path: `${PICTURES}/archive-dashboard-en-light-720.png` })
})

test('the time machine puts screens to another moment, and steps to what happened', async ({ app, page }) => {
  test.setTimeout(120_000)
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await goTo(app, SCREENS['runs.title'])
  await expect.poll(() => app.keys('Runs, newest first')).not.toEqual([])
  const end = await app.keys('Runs, newest first')
  await moveTo(app, 'Home')
  await expect.poll(() => app.keys('Runs, newest first')).not.toEqual(end)
  const strip = page.locator('#ops-strip')
  await strip.getByRole('button', { name: 'To the next event' }).click()
  await expect(strip.locator('.ops-strip-said')).not.toBeEmpty()
  await goTo(app, SCREENS['dashboard.title'])
  await expect(strip.getByRole('slider')).not.toHaveValue('2000')
  await strip.getByRole('button', { name: 'End' }).click()
  await expect(strip.getByRole('slider')).toHaveValue('2000')
  await goTo(app, SCREENS['runs.title'])
  await expect.poll(() => app.keys('Runs, newest first')).toEqual(end)
})

test('a flipped bit is named, and what is the same beside it is', async ({ app, page }) => {
  test.setTimeout(120_000)
  const forged = join(folder, 'forged.opsdeck')
  copyFileSync(archive(), forged)
  const bytes = readFileSync(forged)
  const at = bytes.lastIndexOf('exit code') >= 0 ? bytes.lastIndexOf('exit code') : bytes.lastIndexOf('rror')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(forged, bytes)
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await openFile(app, forged)
  await expect(page.locator('#ops-strip .ops-trust-bad')).toContainText('Changed after export', { timeout: 60_000 })
  await page.screenshot({ path: `${PICTURES}/archive-forged-en-light.png` })

  // Beside the archive that it was made from.
  await goTo(app, '#/ops/histories/')
  await app.content.getByLabel('The other history').selectOption({ label: 'Archive: <b>Incident</b>' })
  await app.content.getByRole('button', { name: 'Definitions' }).click()
  await app.content.getByLabel('Also what is equal').check()
  await expect(app.content.locator('tbody tr').first()).toContainText('Equal')
  await app.content.getByRole('button', { name: 'Runs by job' }).click()
  await expect(app.content.locator('.ops-history-pair').first()).toBeVisible()
  await lookOver(app, 'archive-histories')
  await app.choose('language', 'en')
  await app.choose('theme', 'light')
  await app.header.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByRole('button', { name: 'Close this archive' }).click()
  await expect(page.locator('#ops-strip')).toBeHidden()
})

test('a file that is no archive is refused at its field', async ({ app, page }) => {
  const other = join(folder, 'other.opsdeck')
  writeFileSync(other, 'This is a letter.')
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await expect(app.heading).not.toBeEmpty()
  await first(app)
  await app.content.getByLabel('File', { exact: true }).fill(other)
  await app.content.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(app.content.locator('#ops-archive-path-error')).not.toBeEmpty()
})

test('the archive is read with every server stopped', async ({ app, page }) => {
  test.setTimeout(300_000)
  await page.goto(process.env['OPSDECK_E2E_URL'] ?? '')
  await expect(app.heading).not.toBeEmpty()
  await first(app)
  await app.content.getByRole('button', { name: 'Stop the sandbox' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the sandbox' }).click()
  await expect(app.content.getByRole('button', { name: 'Start the sandbox' })).toBeVisible({ timeout: 60_000 })
  await openFile(app, archive())
  for (const address of Object.values(SCREENS)) {
    await goTo(app, address)
    await expect(app.content.locator('.ops-face-failed')).toHaveCount(0)
  }
  // The suites that follow find the sandbox as they expect it.
  await app.header.getByRole('button', { name: 'Open', exact: true }).click()
  await page.getByRole('button', { name: 'Close this archive' }).click()
  await page.getByRole('button', { name: 'Start the sandbox' }).click()
  await expect(app.heading).toHaveText('Dashboard', { timeout: 180_000 })
})
