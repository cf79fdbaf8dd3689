import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { processes } from '../e2e/support/processes.ts'
import { choose, expect, test, withDriver } from './test.ts'

/** Whether a window of the display has a title. */
function shown(title: string): boolean {
  try {
    execFileSync('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`], { stdio: 'ignore' })
    return true
  } catch {
    return false // xdotool's way to say that there is none
  }
}

test('the program ends when it is told to, also behind a file dialog that nobody closes', async () => {
  const folder = mkdtempSync('/tmp/opsdeck-quit-')
  const own = { OPSDECK_STATE_DIR: join(folder, 'state'), OPSDECK_CONFIG_DIR: join(folder, 'config') }
  const running = () =>
    processes().filter((p) => p.command === `${resolve('../bin/opsdeck-e2e')} --sandbox-dir ${folder}`)
  try {
    await withDriver(own, async (start) => {
      const window = await start('--sandbox-dir', folder)
      await expect.poll(() => window.text('h1')).toBe('Opsdeck')
      await choose(window, 'language', 'en') // WebKit keeps what an earlier test chose
      const button = '.ops-setting-entry:has(#ops-archive-path) [type="button"]'
      await expect.poll(() => window.text(button)).toBe('Choose…')
      // The click is left to the page: a driver would wait until the dialog is gone.
      await window.run('setTimeout(() => document.querySelector(arguments[0]).click())', button)
      await expect.poll(() => shown('Open an archive')).toBe(true)
      const [program] = running()
      process.kill(program?.pid ?? 0, 'SIGTERM')
      await expect.poll(running, { timeout: 30_000 }).toEqual([])
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
