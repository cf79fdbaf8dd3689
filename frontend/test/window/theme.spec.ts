import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Driver } from './driver.ts'
import { choose, expect, open, picture, test, withDriver } from './test.ts'

/** Opens one more window on the sandbox, with a theme. */
async function themed(folder: string, look: (window: Driver) => Promise<void>): Promise<void> {
  const sandbox = ['--sandbox', '--sandbox-dir', process.env['OPSDECK_E2E_SANDBOX'] ?? '']
  // With a state of its own it is no second start of the suite's window, which would take over and leave it no window.
  const env = { OPSDECK_STATE_DIR: `${process.env['OPSDECK_STATE_DIR']}-themed` }
  await withDriver(env, async (open) => look(await open(...sandbox, '--theme', folder)))
}

test('the example theme colours the window, adds its name, and gives dialogs its frame', async () => {
  await themed(resolve('../docs/theme/example'), async (window) => {
    await open(window, '#/ops/')
    await choose(window, 'theme', 'light')
    expect(await window.text('.acme-brand')).toBe('Acme')
    expect(await window.run('return getComputedStyle(document.body).getPropertyValue("--ops-accent").trim()')).toBe(
      '#7a3e00',
    )
    expect(await window.run('return document.querySelector(".acme-brand img").naturalWidth')).toBe(20)
    await window.run('document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }))')
    await expect.poll(() => window.text('.modal .acme-note')).toContain('Acme operations')
    expect(await window.text('.modal [data-ops="title"]')).not.toBe('')
    expect(await window.text('.modal [data-ops="footer"] button')).not.toBe('')
    await expect.poll(() => window.run('return document.querySelectorAll(".modal.show").length')).toBe(1)
    await picture(window, 'theme')
    await window.click('.modal [data-ops="dismiss"]')
    await expect.poll(() => window.text('.modal')).toBe('')
    await choose(window, 'theme', 'dark')
    await picture(window, 'theme-dark')
    expect(await window.text('.ops-toast')).toBe('')
  })
})

test('a broken theme falls back to our own look, and the window says what was wrong', async () => {
  const folder = mkdtempSync('/tmp/opsdeck-theme-')
  chmodSync(folder, 0o755)
  try {
    writeFileSync(join(folder, 'base.html'), '{{define "content"}}<p>no screens here</p>{{end}}', { mode: 0o644 })
    writeFileSync(join(folder, 'theme.css'), 'body { background: url(https://hostile.example/x.png) }', { mode: 0o644 })
    await themed(folder, async (window) => {
      await expect.poll(() => window.text('.ops-toast')).toContain('2')
      await window.run('location.hash = "#/"')
      await expect.poll(() => window.text('.ops-theme-problems')).toContain('ops-content')
      expect(await window.text('.ops-theme-problems')).toContain('theme.css')
      await picture(window, 'theme-broken')
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
