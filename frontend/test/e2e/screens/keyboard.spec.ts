import { SCREENS } from '../support/app.ts'
import { expect, test } from '../support/test.ts'

test('“?” lists the keys, and pairs of keys go to the screens', async ({ app, page }) => {
  await app.open('#/ops/')
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(sheet).toBeVisible()
  await expect(sheet.locator('dt')).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  // The sheet may still be fading when the first pair is pressed.
  await expect(page.locator('.modal.show')).toHaveCount(0)
  for (const [keys, title] of [
    ['gr', 'Runs'],
    ['gj', 'Jobs'],
    ['gw', 'Workers'],
    ['gd', 'Dashboard'],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key)
    await expect(app.heading).toHaveText(title)
    await expect(app.heading).toBeFocused()
    await expect(sheet).toBeHidden()
  }
})

test('“/” goes to the search, and rows open by Enter', async ({ app, page }) => {
  await app.open('#/ops/workers/')
  await page.keyboard.press('/')
  await expect(page.getByLabel('Search the table')).toBeFocused()
  await page.keyboard.type('node-b')
  await expect(app.rows('Workers')).toHaveCount(2)
  await app.content.getByRole('region', { name: 'Workers' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const second = (await app.keys('Workers'))[1]
  await expect(app.rows('Workers').nth(1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(app.heading).toHaveText(`Worker ${second}`)
})

for (const [name, address] of Object.entries(SCREENS)) {
  test(`Tab reaches everything that can be operated: ${name}`, async ({ app, page }) => {
    await app.open(address)
    const there = await page.evaluate(() => {
      // Listed now: what a refresh adds later is not asked for.
      const operable = 'a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex="0"]'
      const missing = new Set(
        [...document.querySelectorAll<HTMLElement>(operable)].filter(
          (e) => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }),
        ),
      )
      document.addEventListener('focusin', (event) => missing.delete(event.target as HTMLElement))
      Object.assign(window, { missing })
      return missing.size
    })
    // The focus goes round; rows that a refresh adds on the way cost some more steps.
    for (let i = 0; i < there + 20; i++) await page.keyboard.press('Tab')
    const missed = await page.evaluate(() => {
      const { missing } = window as unknown as { missing: Set<HTMLElement> }
      const name = (e: HTMLElement) => `${e.localName} ${e.id} ${e.getAttribute('aria-label') ?? e.textContent.trim()}`
      return [...missing].filter((e) => e.isConnected).map(name)
    })
    expect(missed).toEqual([])
  })
}
