import { defineConfig } from '@playwright/test'

const results = '../test-results/window'

/**
 * The true window: WebKitGTK on a virtual display, driven by WebKitWebDriver. Playwright only runs these tests; it
 * starts no browser. build/window.sh builds the program and brings the display.
 */
export default defineConfig({
  testDir: 'test/window',
  outputDir: `${results}/artifacts`,
  globalSetup: './test/window/setup.ts',
  reporter: [['list'], ['junit', { outputFile: `${results}/junit.xml` }]],
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
})
