import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { again, expect, open, test } from './test.ts'

test('a second start hands its link to the window that is open', async ({ window, cluster }) => {
  await open(window, '#/ops/')
  const run = await cluster.value<string>('select max(id)::text from scheduler_job_runs')
  const { code, said } = await again(`opsdeck://sandbox/ops/runs/${run}`)
  expect(code).toBe(1)
  expect(said).toContain('the window is open already')
  await expect.poll(() => window.run('return location.hash')).toBe(`#/ops/runs/${run}/`)
})

test('a link to an environment that nobody knows, and one that makes no sense, say so', async ({ window }) => {
  await open(window, '#/ops/')
  await again('opsdeck://nowhere/ops/')
  await expect.poll(() => window.text('.notyf')).toContain('“nowhere”')
  await again('opsdeck://sandbox/etc/passwd')
  await expect.poll(() => window.text('.notyf')).toContain('This link can’t be followed')
  expect(await window.run('return location.hash')).toBe('#/ops/')
})

test('diagnostics hold what helps and no password', async ({ window }) => {
  const path = join(mkdtempSync(join(tmpdir(), 'opsdeck-bundle-')), 'bundle.zip')
  const saved = await window.runAsync<{ path: string }>(
    'return window.go.desktop.Diagnostics.Save({ maskHosts: true, title: "", path: args[0], settings: {} })',
    path,
  )
  expect(saved.path).toBe(path)
  const password = readFileSync(join(process.env['OPSDECK_E2E_SANDBOX'] ?? '', 'postgres', 'password'), 'utf8').trim()
  expect(readFileSync(path).includes(password)).toBe(false)
  const log = await window.runAsync<{ path: string }>('return window.go.desktop.Diagnostics.LogFile()')
  expect(readFileSync(log.path, 'utf8')).not.toContain(password)
})
