import { type App, LANGUAGES, SCREENS, TEXTS, THEMES } from '../support/app.ts'
import type { Cluster } from '../support/cluster.ts'
import { expect, test } from '../support/test.ts'

/** Every screen, those of one thing included. */
async function addresses(cluster: Cluster): Promise<string[]> {
  const run = await cluster.value<string>(`select max(id) from scheduler_job_runs where state = 'FAILED'`)
  return ['#/', ...Object.values(SCREENS), `#/ops/runs/${run}/`, `#/ops/workers/${await cluster.leader()}/`]
}

/** Keys and placeholders that stand on the screen instead of words. Foreign text may hold anything and is left out. */
async function unworded(app: App): Promise<string[]> {
  const text = await app.page.evaluate(() => {
    const ours = document.body.cloneNode(true) as HTMLElement
    for (const foreign of ours.querySelectorAll('bdi, pre')) foreign.remove()
    return ours.textContent
  })
  const words = new Set(text.split(/\s+/))
  return [...Object.keys(TEXTS.en).filter((key) => words.has(key)), ...(text.match(/\{[a-z]+\}/gi) ?? [])]
}

/** English sentences on a Japanese screen. Single words may be names. */
async function untranslated(app: App): Promise<string[]> {
  const text = await app.text()
  const keys = Object.keys(TEXTS.en) as (keyof typeof TEXTS.en)[]
  return keys.filter((key) => {
    const english = TEXTS.en[key]
    return english !== TEXTS.ja[key] && /^[^{|]+ [^{|]+$/.test(english) && text.includes(english)
  })
}

test('the language changes on every screen, in place and completely', async ({ app, page, cluster }) => {
  await app.open('#/ops/')
  await page.evaluate(() => Object.assign(window, { notReloaded: true }))
  for (const address of await addresses(cluster)) {
    await test.step(address, async () => {
      await page.evaluate((hash) => {
        location.hash = hash
      }, address)
      for (const language of LANGUAGES) {
        await app.choose('language', language)
        await expect(page.locator('html')).toHaveAttribute('lang', language)
        await expect(app.content.locator('.ops-face-loading')).toHaveCount(0)
        await expect(app.nav.getByRole('link', { name: TEXTS[language]['nav.jobs'] })).toBeVisible()
        expect(await unworded(app)).toEqual([])
        if (language === 'ja') expect(await untranslated(app)).toEqual([])
      }
    })
  }
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true)
})

test('the theme changes at once and stays', async ({ app, page }) => {
  await app.open('#/ops/')
  const colours = new Set<string>()
  for (const theme of THEMES) {
    await app.choose('theme', theme)
    await expect(page.locator('html')).toHaveAttribute('data-ops-theme', theme)
    colours.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
  }
  expect(colours.size).toBe(THEMES.length)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-ops-theme', THEMES.at(-1) ?? '')
})

test('times follow the zone, and always print their offset', async ({ app }) => {
  await app.open('#/ops/runs/')
  const due = app.table('Runs, newest first').getByRole('columnheader', { name: /^Scheduled/ })
  await expect(due).toContainText('+09:00')
  const time = app.rows('Runs, newest first').first().locator('time').first()
  const local = await time.textContent()
  await app.choose('zone', 'utc')
  await expect(due).toContainText('UTC')
  await expect(app.header.locator('time')).toContainText('UTC')
  await expect(time).not.toHaveText(local ?? '')
})

for (const width of [900, 1920]) {
  test(`no screen is wider than a window of ${width} pixels`, async ({ app, page, cluster }) => {
    await page.setViewportSize({ width, height: 860 })
    await app.open('#/ops/')
    for (const language of LANGUAGES) {
      await app.choose('language', language)
      for (const address of await addresses(cluster)) {
        await page.evaluate((hash) => {
          location.hash = hash
        }, address)
        await expect(app.content.locator('.ops-face-loading')).toHaveCount(0)
        await expect.poll(() => app.overflow(), { message: `${address} in ${language}` }).toBeLessThanOrEqual(0)
      }
    }
  })
}

test('an address that leads nowhere says so', async ({ app, page }) => {
  await app.open('#/ops/')
  await page.evaluate(() => {
    location.hash = '#/ops/nowhere/'
  })
  await expect(app.content.getByText('There is no such screen')).toBeVisible()
})

test('a link of the page never leaves the program', async ({ app, page }) => {
  await app.open('#/ops/')
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = 'https://example.com/'
    link.textContent = 'out'
    document.getElementById('ops-content')?.prepend(link)
    link.click()
  })
  await app.live()
  expect(page.url()).toContain('#/ops/')
})
