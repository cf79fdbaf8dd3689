import { LANGUAGES, TEXTS, THEMES } from '../e2e/support/app.ts'
import { HOSTILE } from '../e2e/support/hostile.ts'
import { addFailedRun, addJob } from '../e2e/support/records.ts'
import { choose, expect, open, picture, test } from './test.ts'

test('the window opens on the sandbox and is live', async ({ window, cluster }) => {
  await expect.poll(() => window.run('return document.querySelector(".ops-connection-live") !== null')).toBe(true)
  await expect.poll(() => window.text('.ops-leader-id')).toBe(await cluster.leader())
  expect(await window.run('return location.protocol')).toBe('wails:')
  const state = await window.runAsync<{ environment: { kind: string; login: string } }>(
    'return window.go.desktop.Session.State()',
  )
  expect(state.environment).toMatchObject({ kind: 'sandbox', login: 'admin' })

  const asOf = () => window.run('return document.querySelector("#ops-header time").dateTime')
  const first = await asOf()
  await expect.poll(asOf).not.toBe(first)
})

test('a call that fails says why', async ({ window }) => {
  await open(window, '#/ops/workers/nobody/')
  await choose(window, 'language', 'en')
  await expect.poll(() => window.text('.ops-face')).toContain('nobody')
})

test('every screen opens by its link, in both languages and every theme', async ({ window, cluster }) => {
  test.setTimeout(120_000)
  const titles = {
    Dashboard: 'dashboard.title',
    Runs: 'runs.title',
    Jobs: 'jobs.title',
    Workers: 'workers.title',
  } as const
  const links = ['#/ops/', '#/ops/runs/', '#/ops/jobs/', '#/ops/workers/']
  for (const language of LANGUAGES) {
    await choose(window, 'language', language)
    await expect.poll(() => window.run('return document.documentElement.lang')).toBe(language)
    for (const [i, [name, key]] of Object.entries(titles).entries()) {
      await window.click(`#ops-nav a[href="${links[i]}"]`)
      await expect.poll(() => window.text('main h1')).toBe(TEXTS[language][key])
      await expect.poll(() => window.run('return document.querySelectorAll(".ops-face-loading").length')).toBe(0)
      for (const theme of THEMES) {
        await choose(window, 'theme', theme)
        await expect.poll(() => window.run('return document.documentElement.dataset.opsTheme')).toBe(theme)
        await picture(window, `${name.toLowerCase()}-${language}-${theme}`)
      }
    }
    const run = await cluster.value<string>(`select max(id) from scheduler_job_runs where state = 'FAILED'`)
    for (const [name, address] of [
      ['run', `#/ops/runs/${run}/`],
      ['worker', `#/ops/workers/${await cluster.leader()}/`],
      ['welcome', '#/'],
    ] as const) {
      await open(window, address)
      await expect.poll(() => window.text('main h1')).not.toBe('')
      await picture(window, `${name}-${language}-contrast`)
    }
  }
  expect(await window.run('return document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
})

test('typing narrows a table, and a row opens', async ({ window, cluster }) => {
  await choose(window, 'language', 'en')
  await open(window, '#/ops/workers/')
  const here = (await cluster.workers()).filter((w) => w.node === 'node-a')
  await window.type('[data-ops-search]', 'node-a')
  await expect.poll(() => window.run('return document.querySelectorAll("tbody tr[data-key]").length')).toBe(here.length)
  await window.click('tbody tr[data-key] a')
  await expect.poll(() => window.text('main h1')).toMatch(/^Worker \d+/)
})

test('hostile text is text', async ({ window, cluster }) => {
  const job = await addJob(cluster, { name: HOSTILE[0], command: HOSTILE[1] })
  const run = await addFailedRun(cluster, job, { error: HOSTILE.join('\n'), log: HOSTILE.map((text) => `${text}\0\n`) })
  for (const address of [`#/ops/runs/?job=${job}`, `#/ops/runs/${run}/`]) {
    await open(window, address)
    await expect.poll(() => window.text('main')).toContain(HOSTILE[0])
    expect(
      await window.run('return document.querySelectorAll("img, script:not([src]), style, iframe, [onerror]").length'),
    ).toBe(0)
    expect(await window.run('return "__pwned" in window')).toBe(false)
  }
})
