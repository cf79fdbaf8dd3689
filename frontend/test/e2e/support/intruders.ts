import type { App } from './app.ts'

/** What no screen of ours has: if one appears, foreign text became an element. */
const FOREIGN =
  'img, svg image, script:not([src]), style, iframe, object, embed, base, form[action], a[href^="javascript"], a[href^="http"], [onerror], [onload], [onclick]'

/** Elements that came from text. ECharts draws on a canvas and is the only one that may bring its own. */
export const foreignElements = (app: App): Promise<string[]> =>
  app.page.locator(FOREIGN).evaluateAll((all) => all.map((e) => `${e.localName} ${e.textContent?.slice(0, 80)}`))

/** Control characters that reached the page as they are. */
export const rawControls = async (app: App): Promise<string[]> =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  (await app.text()).match(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g) ?? []
