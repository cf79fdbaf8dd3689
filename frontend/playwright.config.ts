import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

/** Debian's Chromium; Ubuntu's is a snap, which can't be driven, so Google's stands in there. */
const BROWSERS = [process.env.OPSDECK_CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome']

const results = '../test-results/e2e'

/**
 * The real program in headless Chromium, over Wails' dev server: real bindings, a real cluster. build/e2e.sh builds the
 * program and brings the display that it needs. All tests share the program, and a session is shared by all its pages,
 * so they run one after the other.
 */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: `${results}/artifacts`,
  globalSetup: './test/e2e/support/setup.ts',
  reporter: [['list'], ['junit', { outputFile: `${results}/junit.xml` }]],
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 860 },
    locale: 'en-US',
    timezoneId: 'Asia/Tokyo',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: BROWSERS.find((path) => existsSync(path)) ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', // Chromium's own, which root can't have
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'start', testMatch: 'start.spec.ts' },
    { name: 'screens', testMatch: 'screens/*.spec.ts', dependencies: ['start'] },
    { name: 'operate', testMatch: 'operate/*.spec.ts', dependencies: ['start'] },
    // A second window of its own, over the same servers.
    { name: 'profiles', testMatch: 'profiles/*.spec.ts', dependencies: ['start'] },
    { name: 'archives', testMatch: 'archives/*.spec.ts', dependencies: ['start'] },
    // What fills the cluster with nonsense comes after the pictures, what takes parts of it away comes last.
    { name: 'hostile', testMatch: 'hostile/*.spec.ts', dependencies: ['start'] },
    { name: 'losses', testMatch: 'losses/*.spec.ts', dependencies: ['start'] },
  ],
})
