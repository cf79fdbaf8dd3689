import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { freePort } from '../e2e/support/ports.ts'
import { processes } from '../e2e/support/processes.ts'
import { start } from '../e2e/support/program.ts'

/** Starts a sandbox for windows to join, and the driver that opens them. Ends both afterwards; nothing may be left. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync('/tmp/opsdeck-window-') // a short path: sockets lie in it
  chmodSync(folder, 0o711) // as root, PostgreSQL runs as a system user who has to pass
  const dir = join(folder, 'sandbox')
  process.env['OPSDECK_STATE_DIR'] = join(folder, 'state')
  process.env['XDG_DATA_HOME'] = join(folder, 'data')
  const sandbox = start(resolve('../bin/opsdeck-e2e'), ['sandbox', '--sandbox-dir', dir, '--sandbox-history', '3000'])
  const port = await freePort()
  const driver = start('WebKitWebDriver', [`--port=${port}`])
  await sandbox.says('The sandbox is running', 120_000)
  process.env['OPSDECK_E2E_SANDBOX'] = dir
  process.env['OPSDECK_E2E_DRIVER'] = `http://127.0.0.1:${port}`

  return async () => {
    await driver.stop()
    await sandbox.stop()
    await expect
      .poll(() => processes().filter((p) => p.command.includes(folder)), {
        message: 'no process is left',
        timeout: 10_000,
      })
      .toEqual([])
    rmSync(folder, { recursive: true })
  }
}
