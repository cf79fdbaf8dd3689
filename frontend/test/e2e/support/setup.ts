import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { freePort } from './ports.ts'
import { processes } from './processes.ts'
import { start } from './program.ts'

/** A sandbox with enough history to page through, but quickly made. */
const HISTORY = 3000

/**
 * Starts the program once for the whole suite; the specs of "start" then start its sandbox. Ends it afterwards and makes
 * sure that nothing is left.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync('/tmp/opsdeck-e2e-') // a short path: sockets lie in it
  chmodSync(folder, 0o711) // as root, PostgreSQL runs as a system user who has to pass
  const address = `127.0.0.1:${await freePort()}`
  process.env['OPSDECK_STATE_DIR'] = join(folder, 'state')
  process.env['OPSDECK_CONFIG_DIR'] = join(folder, 'config')
  const program = start(
    resolve('../bin/opsdeck-dev'),
    ['--sandbox-dir', join(folder, 'sandbox'), '--sandbox-history', String(HISTORY)],
    { devserver: address, TZ: 'Asia/Tokyo', XDG_DATA_HOME: join(folder, 'data') },
  )
  await program.says('opsdeck: window ready', 60_000)
  process.env['OPSDECK_E2E_URL'] = `http://${address}/`
  process.env['OPSDECK_E2E_SANDBOX'] = join(folder, 'sandbox')

  return async () => {
    await program.stop()
    await expect
      .poll(() => processes().filter((p) => p.command.includes(folder)), {
        message: 'no process is left',
        timeout: 10_000,
      })
      .toEqual([])
    rmSync(folder, { recursive: true })
  }
}
