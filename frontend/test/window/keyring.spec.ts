import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { serversOf } from '../e2e/support/desk.ts'
import { start } from '../e2e/support/program.ts'
import type { Driver } from './driver.ts'
import { expect, open, test, withDriver } from './test.ts'

/** Writes into a field of the form, as typing or choosing does. */
async function fill(window: Driver, name: string, value: string): Promise<void> {
  await window.run(
    `const field = document.querySelector('[name="' + arguments[0] + '"]')
     field.value = arguments[1]
     field.dispatchEvent(new Event(field.localName === 'select' ? 'change' : 'input', { bubbles: true }))`,
    name,
    value,
  )
}

test('a password that the editor put into the keyring opens the environment in the next start, unasked', async () => {
  const folder = mkdtempSync('/tmp/opsdeck-keyring-')
  const { profile, secrets } = serversOf('viewer')
  // The keyring of this display's message bus, unlocked and empty.
  const keyring = start(
    'gnome-keyring-daemon',
    ['--foreground', '--unlock', '--components=secrets', `--control-directory=${folder}`],
    { HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder },
    'a password of the test',
  )
  const own = { OPSDECK_STATE_DIR: join(folder, 'state'), OPSDECK_CONFIG_DIR: join(folder, 'config') }
  try {
    await withDriver(own, async (start) => {
      const first = await start()
      await expect.poll(() => first.text('h1')).toBe('Opsdeck')
      await open(first, '#/profiles/new/')
      await expect.poll(() => first.run('return document.querySelector("[name=name]") !== null')).toBe(true)
      await fill(first, 'name', 'Kept')
      await fill(first, 'postgres.hosts', profile.postgres.hosts.join('\n'))
      await fill(first, 'postgres.database', profile.postgres.database)
      await fill(first, 'postgres.user', profile.postgres.user)
      await fill(first, 'postgres.ssl_mode', 'disable')
      await fill(first, 'postgres_password', secrets['postgres_password'] ?? '')
      await fill(first, 'redis.addresses', profile.redis.addresses.join('\n'))
      await fill(first, 'redis.user', profile.redis.user)
      await fill(first, 'redis_password', secrets['redis_password'] ?? '')
      await first.click('[name="redis.tls"]')
      await first.click('.ops-form-actions .btn-primary')
      await expect.poll(() => first.run('return location.hash')).toBe('#/profiles/kept/')

      const second = await start()
      await open(second, '#/')
      await second.click('[data-profile="kept"] .btn-primary')
      await expect.poll(() => second.text('.ops-connection-live'), { timeout: 30_000 }).not.toBe('')
      expect(await second.run('return document.querySelectorAll(".modal").length')).toBe(0)
    })
    const files = readdirSync(join(folder, 'config', 'profiles'), { withFileTypes: true }).filter((f) => f.isFile())
    for (const file of files) {
      const text = readFileSync(join(folder, 'config', 'profiles', file.name), 'utf8')
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
    }
  } finally {
    await keyring.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
