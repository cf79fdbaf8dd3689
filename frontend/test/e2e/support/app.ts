import { expect, type Locator, type Page } from '@playwright/test'
import type { Language, Preferences, Theme } from '../../../src/lib/preferences.ts'
import { en } from '../../../src/text/en.ts'
import { ja } from '../../../src/text/ja.ts'

/** Every screen that needs no id, by the key of its name. */
export const SCREENS = {
  'dashboard.title': '#/ops/',
  'runs.title': '#/ops/runs/',
  'jobs.title': '#/ops/jobs/',
  'workers.title': '#/ops/workers/',
  'timeline.title': '#/ops/timeline/',
  'expected.title': '#/ops/expected/',
  'failures.title': '#/ops/failures/',
  'events.title': '#/ops/events/',
  'settings.title': '#/ops/settings/',
  'audit.title': '#/ops/audit/',
} as const

export const LANGUAGES: readonly Language[] = ['ja', 'en']
export const THEMES: readonly Exclude<Theme, 'system'>[] = ['light', 'dark', 'contrast']
export const TEXTS = { en, ja }

/** The window as an operator sees it: named by roles and words where it can be. */
export class App {
  readonly page: Page
  readonly header: Locator
  readonly nav: Locator
  readonly content: Locator
  readonly status: Locator
  readonly heading: Locator

  constructor(page: Page) {
    this.page = page
    this.header = page.locator('#ops-header')
    this.nav = page.getByRole('navigation')
    this.content = page.getByRole('main')
    this.status = page.locator('#ops-status')
    this.heading = this.content.getByRole('heading', { level: 1 })
  }

  /** Opens a screen in a fresh page and waits until it shows live data. */
  async open(address: string, preferences: Partial<Preferences> = {}): Promise<void> {
    const chosen = { language: 'en', theme: 'light', zone: 'local', ...preferences }
    await this.page.addInitScript((value) => {
      // A page that was reloaded keeps what was chosen since.
      if (!sessionStorage.getItem('opsdeck-e2e')) localStorage.setItem('opsdeck.preferences', value)
      sessionStorage.setItem('opsdeck-e2e', 'opened')
    }, JSON.stringify(chosen))
    await this.page.goto(`${process.env['OPSDECK_E2E_URL']}${address}`)
    await this.live()
  }

  /** Goes to another screen of the open page, as a link would. */
  async go(address: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, address)
    await this.live()
  }

  /** Waits until the header says that the screen's data is current. */
  async live(options: { timeout?: number } = {}): Promise<void> {
    await expect(this.header.locator('.ops-connection-live')).toBeVisible(options)
    await expect(this.content.locator('.ops-face-loading')).toHaveCount(0)
  }

  async choose(what: 'language' | 'theme' | 'zone', value: string): Promise<void> {
    await this.status.locator(`#ops-${what}`).selectOption(value)
  }

  /** A table by its accessible name. */
  table(name: string): Locator {
    return this.content.getByRole('table', { name, exact: true })
  }

  /** The rows of a table, in their order on screen. */
  rows(name: string): Locator {
    return this.table(name).locator('tbody tr[data-key]')
  }

  async keys(name: string): Promise<string[]> {
    return this.rows(name).evaluateAll((rows) => rows.map((r) => (r as HTMLElement).dataset['key'] ?? ''))
  }

  /** A panel of the screen by its heading. */
  panel(name: string): Locator {
    return this.content
      .locator('section')
      .filter({ has: this.page.getByRole('heading', { level: 2, name, exact: true }) })
  }

  /** The value beside a name in a list of facts. */
  fact(within: Locator, name: string): Locator {
    return within
      .locator('dt')
      .filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
      .locator('xpath=following-sibling::dd[1]')
  }

  /** What can be read on the page; hidden text is left out. */
  async text(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: textContent has hidden text too
    return this.page.evaluate(() => document.body.innerText)
  }

  /** How far the page reaches beyond the window, in pixels. */
  async overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  }
}
