import { test as base, expect } from '@playwright/test'
import { App } from './app.ts'
import { Cluster } from './cluster.ts'

export { expect } from '@playwright/test'

/** Wails' dev overlay looks for a part of the page that only its own template has. The window itself has no overlay. */
const OVERLAY = "reading 'nodes'"

interface Worker {
  /** The running sandbox, asked past Opsdeck. */
  cluster: Cluster
}

interface Test {
  app: App
  /** Fails a test whose page threw, ran hostile text, or asked anything of another server. */
  unharmed: undefined
}

/** Tests of the running program. */
export const test = base.extend<Test, Worker>({
  cluster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const cluster = await Cluster.connect(process.env['OPSDECK_E2E_SANDBOX'] ?? '')
      await use(cluster)
      await cluster.close()
    },
    { scope: 'worker' },
  ],
  app: async ({ page }, use) => use(new App(page)),
  unharmed: [
    async ({ page }, use) => {
      const harm: string[] = []
      const home = process.env['OPSDECK_E2E_URL'] ?? ''
      const home2 = home.replace('http:', 'ws:')
      page.on('pageerror', (error) => {
        if (!error.message.includes(OVERLAY)) harm.push(`threw: ${error.stack ?? error.message}`)
      })
      page.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(home) && !url.startsWith('data:')) harm.push(`asked ${url}`)
      })
      page.on('websocket', (socket) => {
        if (!socket.url().startsWith(home2)) harm.push(`opened ${socket.url()}`)
      })
      page.on('dialog', (dialog) => {
        harm.push(`opened a dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      await use(undefined)
      if (await page.evaluate(() => '__pwned' in window).catch(() => false)) harm.push('ran hostile text')
      expect(harm, 'what the page must not do').toEqual([])
    },
    { auto: true },
  ],
})
