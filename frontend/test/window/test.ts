import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { Cluster } from '../e2e/support/cluster.ts'
import { freePort } from '../e2e/support/ports.ts'
import { start } from '../e2e/support/program.ts'
import { Driver } from './driver.ts'

export { expect } from '@playwright/test'

const PICTURES = '../test-results/screens/window'

interface Worker {
  /** The window, open on the sandbox. */
  window: Driver
  /** The sandbox, asked past Opsdeck. */
  cluster: Cluster
}

/** Tests of the true window. It stays open from one test to the next. */
export const test = base.extend<object, Worker>({
  cluster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from this pattern
    async ({}, use) => {
      const cluster = await Cluster.connect(process.env['OPSDECK_E2E_SANDBOX'] ?? '')
      await use(cluster)
      await cluster.close()
    },
    { scope: 'worker' },
  ],
  window: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const window = await Driver.open(process.env['OPSDECK_E2E_DRIVER'] ?? '', resolve('../bin/opsdeck-e2e'), [
        '--sandbox',
        '--sandbox-dir',
        process.env['OPSDECK_E2E_SANDBOX'] ?? '',
      ])
      await use(window)
      await window.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

/**
 * Lets windows be opened in an environment of their own, one after the other: a driver holds one window, so they get a driver of
 * their own. The last one is closed.
 */
export async function withDriver(
  env: NodeJS.ProcessEnv,
  use: (open: (...args: string[]) => Promise<Driver>) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = start('WebKitWebDriver', [`--port=${port}`], env)
  let window: Driver | undefined
  try {
    const answers = () =>
      fetch(`${url}/status`).then(
        (r) => r.ok,
        () => false,
      )
    await expect.poll(answers).toBe(true)
    await use(async (...args) => {
      await window?.close()
      window = await Driver.open(url, resolve('../bin/opsdeck-e2e'), args)
      return window
    })
  } finally {
    await window?.close()
    await server.stop()
  }
}

/** Goes to a screen and waits until its data is there. */
export async function open(window: Driver, address: string): Promise<void> {
  await window.run('location.hash = arguments[0]', address)
  await expect.poll(() => window.run('return document.querySelectorAll(".ops-face-loading").length')).toBe(0)
}

/** Chooses in the status bar, as an operator does. */
export async function choose(window: Driver, what: 'language' | 'theme', value: string): Promise<void> {
  await window.click(`#ops-${what} option[value="${value}"]`)
}

/** Takes a picture of the display, which the window fills, with colours at the end of their change. */
export async function picture(window: Driver, name: string): Promise<void> {
  await window.runAsync(`
    for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))`)
  mkdirSync(PICTURES, { recursive: true })
  execFileSync('import', ['-silent', '-window', 'root', `${PICTURES}/${name}.png`])
}

/** Starts the program a second time and gives how it ended and what it said. */
export function again(...args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((done) => {
    const child = execFile(
      resolve('../bin/opsdeck-e2e'),
      ['--sandbox-dir', process.env['OPSDECK_E2E_SANDBOX'] ?? '', ...args],
      { timeout: 30_000 },
      (_error, _stdout, stderr) => done({ code: child.exitCode, said: stderr }),
    )
  })
}
