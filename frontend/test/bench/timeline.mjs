// Measures the timeline's frames in headless Chromium: node test/bench/timeline.mjs [BARS...]
import { chromium } from '@playwright/test'
import { createServer } from 'vite'

const server = await createServer({
  root: new URL('../..', import.meta.url).pathname,
  logLevel: 'error',
  server: { port: 0, host: '127.0.0.1' },
})
await server.listen()
const browser = await chromium.launch({
  executablePath: process.env.OPSDECK_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  const address = `http://127.0.0.1:${server.httpServer.address().port}`
  await page.route(`${address}/bench`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><body class="ops"></body>' }),
  )
  await page.goto(`${address}/bench`)
  const sizes = process.argv.slice(2).map(Number)
  for (const bars of sizes.length > 0 ? sizes : [1000, 10_000]) {
    const figures = await page.evaluate(async (n) => {
      const { measure } = await import('/test/bench/timeline.ts')
      return measure(n, 50, 240)
    }, bars)
    process.stdout.write(`${JSON.stringify(figures)}\n`)
  }
} finally {
  await browser.close()
  await server.close()
}
