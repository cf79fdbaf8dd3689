import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { en } from '../../../src/text/en.ts'
import type { App } from './app.ts'
import { freePort } from './ports.ts'
import { type Program, start } from './program.ts'

/** Where the sandbox's servers are, and as whom. */
export interface Servers {
  profile: {
    postgres: { hosts: string[]; database: string; user: string }
    redis: { addresses: string[]; database: number; user: string }
  }
  secrets: Record<string, string>
}

/** An environment that a window knows from its start, by its id. */
export interface Known {
  id: string
  name: string
  kind: string
  servers: Servers
}

/** A second window of its own, with its own profiles and nothing open. */
export interface Desk {
  readonly program: Program
  close(): Promise<void>
}

/** Starts the second window; tests that come after it go there. */
export async function openDesk(...environments: Known[]): Promise<Desk> {
  return openWindow((folder) => {
    for (const environment of environments) writeProfile(join(folder, 'config'), environment)
    return ['--sandbox-dir', join(folder, 'sandbox')]
  })
}

/** Writes a profile whose secrets a program prints, so that nothing is asked. */
function writeProfile(config: string, { id, name, kind, servers }: Known): void {
  const folder = join(config, 'profiles')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const write = (file: string, content: unknown) => {
    writeFileSync(join(folder, file), JSON.stringify(content), { mode: 0o600 })
    return join(folder, file)
  }
  const secrets = write(`${id}.printed`, servers.secrets)
  const secrets_from = { kind: 'command', command: ['/bin/cat', secrets] }
  const profile = { ...servers.profile, id, name, kind, secrets_from }
  write(`${id}.profile.json`, { format: 'opsdeck-profile', version: 1, profile })
}

/** Starts a second window that joins the running sandbox as somebody; tests that come after it go there. */
export async function joinAs(role: 'viewer' | 'operator'): Promise<Desk> {
  return openWindow(() => ['--sandbox', '--as', role, '--sandbox-dir', process.env['OPSDECK_E2E_SANDBOX'] ?? ''])
}

async function openWindow(args: (folder: string) => string[]): Promise<Desk> {
  const folder = mkdtempSync('/tmp/opsdeck-desk-')
  const address = `127.0.0.1:${await freePort()}`
  const program = start(resolve('../bin/opsdeck-dev'), args(folder), {
    devserver: address,
    TZ: 'Asia/Tokyo',
    OPSDECK_CONFIG_DIR: join(folder, 'config'),
    OPSDECK_STATE_DIR: join(folder, 'state'),
  })
  await program.says('opsdeck: window ready', 60_000)
  const before = process.env['OPSDECK_E2E_URL']
  process.env['OPSDECK_E2E_URL'] = `http://${address}/`
  return {
    program,
    close: async () => {
      process.env['OPSDECK_E2E_URL'] = before
      await program.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The running sandbox's servers, as an operator with a role. */
export function serversOf(role: 'viewer' | 'operator' | 'admin'): Servers {
  const path = join(process.env['OPSDECK_E2E_SANDBOX'] ?? '', 'connection.json')
  return JSON.parse(readFileSync(path, 'utf8'))[role]
}

/** Opens the first screen of a window in which nothing is open yet. */
export async function openFirstScreen(app: App): Promise<void> {
  const chosen = { language: 'en', theme: 'light', zone: 'local' }
  await app.page.addInitScript((value) => localStorage.setItem('opsdeck.preferences', value), JSON.stringify(chosen))
  await app.page.goto(`${process.env['OPSDECK_E2E_URL']}#/`)
  await expect(app.content.getByRole('heading', { level: 2, name: en['welcome.environments'] })).toBeVisible()
}

/** Fills the editor of a profile with the sandbox's servers. */
export async function fillProfile(app: App, name: string, kind: string, { profile, secrets }: Servers): Promise<void> {
  const field = (label: string) => app.content.locator(`[name="${label}"]`)
  await field('name').fill(name)
  await field('kind').selectOption(kind)
  await field('postgres.hosts').fill(profile.postgres.hosts.join('\n'))
  await field('postgres.database').fill(profile.postgres.database)
  await field('postgres.user').fill(profile.postgres.user)
  await field('postgres.ssl_mode').selectOption('disable')
  await field('redis.addresses').fill(profile.redis.addresses.join('\n'))
  await field('redis.database').fill(String(profile.redis.database))
  await field('redis.user').fill(profile.redis.user)
  await field('redis.tls').uncheck()
  await field('secrets_from.kind').selectOption('ask')
  for (const name of ['postgres_password', 'redis_password']) {
    if (secrets[name]) await field(name).fill(secrets[name])
  }
}
