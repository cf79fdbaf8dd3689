import AxeBuilder from '@axe-core/playwright'
import { LANGUAGES, TEXTS, THEMES } from '../support/app.ts'
import { PICTURES } from '../support/looks.ts'
import { expect, test } from '../support/test.ts'

test('the dialog of an operation is accessible in every language and theme, also on a narrow window', async ({
  app,
  cluster,
  page,
}) => {
  test.setTimeout(180_000)
  const leader = (await cluster.leader()) ?? ''
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      await page.setViewportSize({ width: 720, height: 860 })
      await app.open(`#/ops/workers/${leader}/`)
      await app.choose('language', language)
      await app.choose('theme', theme)
      await page.getByRole('button', { name: TEXTS[language]['operate.detach'], exact: true }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog.locator('textarea')).toBeFocused()
      await page.evaluate(() => {
        for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
      })
      await page.screenshot({ path: `${PICTURES}/operation-${language}-${theme}.png` })
      const { violations } = await new AxeBuilder({ page }).include('.modal').analyze()
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([])
      expect(await app.overflow()).toBe(0)
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
      await expect(page.getByRole('button', { name: TEXTS[language]['operate.detach'], exact: true })).toBeFocused()
    }
  }
})
