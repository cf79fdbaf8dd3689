import { expect, test } from '../support/test.ts'

test('every worker that Redis knows has its row, with role and address', async ({ app, cluster }) => {
  await app.open('#/ops/workers/')
  const workers = await cluster.workers()
  await expect(app.rows('Workers')).toHaveCount(workers.length)
  const roles: Record<string, string> = { leader: 'Leader', subleader: 'SubLeader', worker: 'Worker' }
  for (const worker of workers) {
    const row = app.content.locator(`tr[data-key="${worker.id}"]`)
    await expect(row).toContainText(worker.node)
    await expect(row).toContainText(roles[worker.role] ?? worker.role)
    const port = await cluster.redis.hGet(`scheduler:worker:${worker.id}`, 'grpc_port')
    await expect(row).toContainText(`127.0.0.1:${port}`)
  }
})

test('a refresh changes cells and leaves rows, focus and scroll alone', async ({ app, page }) => {
  await app.open('#/ops/workers/')
  const row = app.rows('Workers').nth(2)
  await row.focus()
  await page.evaluate(() => {
    const record = { moved: 0, changed: 0 }
    Object.assign(window, { record })
    new MutationObserver((changes) => {
      for (const c of changes) {
        const rows = [...c.addedNodes, ...c.removedNodes].filter((n) => n instanceof HTMLTableRowElement)
        if (rows.length > 0) record.moved++
        else record.changed++
      }
    }).observe(document.querySelector('#ops-workers tbody') as Node, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  })
  // Heartbeats come every second, the screen reads every two.
  const changed = () => page.evaluate(() => (window as unknown as { record: { changed: number } }).record.changed)
  await expect.poll(changed).toBeGreaterThan(8)
  expect(await page.evaluate(() => (window as unknown as { record: { moved: number } }).record.moved)).toBe(0)
  await expect(row).toBeFocused()
})

test('search, sort and column choice stay through a refresh and a visit elsewhere', async ({ app, page, cluster }) => {
  await app.open('#/ops/workers/')
  const workers = await cluster.workers()
  const here = workers.filter((w) => w.node === 'node-a')
  await page.getByLabel('Search the table').fill('node-a')
  await expect(app.rows('Workers')).toHaveCount(here.length)
  await app
    .table('Workers')
    .getByRole('columnheader', { name: /^Worker/ })
    .click()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByLabel('Leader it follows').check()
  await page.keyboard.press('Escape')
  await app.go('#/ops/')
  await app.go('#/ops/workers/')
  await expect(app.rows('Workers')).toHaveCount(here.length)
  await expect(app.table('Workers').getByRole('columnheader', { name: 'Leader it follows' })).toBeVisible()
})

test('a worker answers for itself when asked', async ({ app, page, cluster }) => {
  const leader = (await cluster.leader()) ?? ''
  await app.open(`#/ops/workers/${leader}/`)
  await expect(app.heading).toHaveText(`Worker ${leader}`)
  await page.getByRole('button', { name: 'Ask it now' }).click()
  const answer = app.panel('As it answers now')
  await expect(app.fact(answer, 'Round trip')).toContainText('ms')
  await expect(app.fact(answer, 'Clock offset')).toContainText('ms')
  await expect(app.fact(answer, 'Epoch it sees')).toHaveText((await cluster.epoch()) ?? '')
  await expect(app.fact(answer, 'Role')).toContainText('Leader')
  const certificate = app.panel('Certificate')
  await expect(app.fact(certificate, 'SHA-256')).toHaveText(/([0-9A-F]{2}:?){32}/i)
  await expect(app.fact(certificate, 'Valid until')).toContainText('ends')
})

test('a worker that nobody knows is said to be unknown', async ({ app, page }) => {
  await app.open('#/ops/')
  await page.evaluate(() => {
    location.hash = '#/ops/workers/nobody/'
  })
  await expect(app.content.getByText('Not here, or no longer')).toBeVisible()
})
