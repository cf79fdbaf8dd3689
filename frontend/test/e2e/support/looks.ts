import AxeBuilder from '@axe-core/playwright'
import type { Result } from 'axe-core'
import { type App, LANGUAGES, THEMES } from './app.ts'
import { expect } from './test.ts'

/** Where pictures of the screens go; git ignores it. */
export const PICTURES = '../test-results/screens/chromium'

/** A violation in a line that says where it is. */
const line = (v: Result) =>
  `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`).join('\n  ')}`

/**
 * What axe finds. Rows are alike, so some stand for all. Colours don't follow the language, and all but colours doesn't
 * follow the theme: each is checked once.
 */
async function check({ page }: App, colours: boolean, elements: boolean): Promise<Result[]> {
  if (!colours && !elements) return []
  const axe = new AxeBuilder({ page }).exclude('tbody tr:nth-child(n+9)')
  if (!elements) axe.withRules(['color-contrast'])
  else if (!colours) axe.disableRules('color-contrast')
  return (await axe.analyze()).violations
}

/** Goes through every language and theme of the open screen: each has its picture taken, and axe finds nothing. */
export async function lookOver(app: App, name: string): Promise<void> {
  const { page } = app
  for (const language of LANGUAGES) {
    await app.choose('language', language)
    for (const theme of THEMES) {
      await app.choose('theme', theme)
      await page.mouse.move(0, 0)
      await picture(app, `${name}-${language}-${theme}`)
      const violations = await check(app, language === LANGUAGES[0], theme === THEMES[0])
      expect(violations.map(line), `${language}, ${theme}`).toEqual([])
    }
  }
}

/** Looks over what opens above the screen, such as a dialog, in every theme; the language is the one that is chosen. */
export async function lookOverOpen(app: App, name: string, open: () => Promise<() => Promise<void>>): Promise<void> {
  for (const theme of THEMES) {
    await app.choose('theme', theme) // nothing beside a dialog can be chosen
    const close = await open()
    await picture(app, `${name}-${theme}`)
    expect((await check(app, true, theme === THEMES[0])).map(line), theme).toEqual([])
    await close()
  }
}

/** Without a screen, a transition may wait for a frame that nobody draws: colours are brought to their end. */
async function picture({ page, content }: App, name: string): Promise<void> {
  await expect(content.locator('.ops-face-loading')).toHaveCount(0)
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
  })
  await page.screenshot({ path: `${PICTURES}/${name}.png` })
}
