import { expect, test } from '../support/test.ts'

test.beforeEach(({ app }) => app.open('#/ops/'))

test('the header names environment, operator and rights, and its time moves on', async ({ app }) => {
  await expect(app.header.locator('.ops-environment-sandbox')).toHaveText('Sandbox')
  await expect(app.header).toContainText('admin')
  await expect(app.header).not.toContainText('Read only')
  await expect(app.header).toContainText('Live')
  const asOf = app.header.locator('time')
  await expect(asOf).toContainText('+09:00')
  const first = await asOf.getAttribute('datetime')
  await expect(asOf).not.toHaveAttribute('datetime', first ?? '')
})

test('leader, SubLeaders and epoch are those of Redis', async ({ app, cluster }) => {
  const card = app.panel('Leadership')
  const leader = await cluster.leader()
  const workers = await cluster.workers()
  await expect(card.locator('.ops-leader-id')).toHaveText(leader ?? '')
  await expect(app.fact(card, 'Node')).toHaveText(workers.find((w) => w.id === leader)?.node ?? '')
  await expect(app.fact(card, 'Epoch')).toHaveText((await cluster.epoch()) ?? '')
  await expect(app.fact(card, 'Lock')).toContainText('left')
  await expect(app.fact(card, 'SubLeader')).toHaveText((await cluster.redis.get('scheduler:subleader:lock')) ?? '')
  for (const node of new Set(workers.map((w) => w.node))) {
    // A node whose only process leads has none.
    const sub = await cluster.redis.get(`scheduler:subleader:${node}:lock`)
    if (sub !== null) await expect(app.fact(card, 'By node')).toContainText(`${node} ${sub}`)
  }
})

test('the epoch panel asks every worker, and all agree', async ({ app, cluster }) => {
  const workers = await cluster.workers()
  await expect(app.rows('Leader and epoch as each participant believes them')).toHaveCount(workers.length + 1)
  const panel = app.panel('Who believes what')
  await expect(panel.getByText('All agree')).toBeVisible()
  for (const worker of workers) {
    const row = panel.locator(`tr[data-key="worker:${worker.id}"]`)
    await expect(row).toContainText(worker.node)
    await expect(row).toContainText('Agrees')
  }
})

test('workers and runs are counted as Redis and PostgreSQL hold them', async ({ app, cluster }) => {
  const total = app.panel('Workers').locator('.ops-tile').filter({ hasText: 'Total' }).locator('.ops-tile-number')
  await expect(total).toHaveText(String(await cluster.redis.sCard('scheduler:workers:set')))

  // Runs go on while both sides are read, so they have to agree once, not at any one moment.
  await expect(async () => {
    const failed = (await app.panel('Failed').locator('.ops-count').textContent()) ?? ''
    const counted = await cluster.value<string>(
      `select count(*) from scheduler_job_runs
       where state in ('FAILED', 'TIMED_OUT') and created_at > $1::timestamptz - interval '24 hours'`,
      new Date(Math.ceil(Date.now() / 1_800_000) * 1_800_000),
    )
    expect(Number(failed.replaceAll(',', ''))).toBe(Number(counted))
  }).toPass({ timeout: 80_000 })
})

test('a chart that was hidden when its numbers came is as wide as its panel', async ({ app, page }) => {
  await app.open('#/ops/workers/')
  await page.evaluate(() => {
    const hidden = new CSSStyleSheet()
    hidden.replaceSync('.ops-chart { display: none !important }')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, hidden]
  })
  await app.go('#/ops/')
  const chart = app.content.getByRole('img', { name: /^Runs created in the last 24 hours/, includeHidden: true })
  await expect(app.content.getByText('A click on a bar lists its runs.')).toBeVisible()
  await page.evaluate(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1)
  })
  await expect(chart.locator('canvas')).toBeVisible()
  const widths = () => chart.evaluate((e) => [e.clientWidth, e.querySelector('canvas')?.clientWidth])
  await expect(async () => {
    const [panel, canvas] = await widths()
    expect(canvas).toBe(panel)
    expect(canvas).toBeGreaterThan(300)
  }).toPass()
})

test('the chart has its numbers in words and the next runs stand on both clocks', async ({ app }) => {
  await app.panel('Runs of the last 24 hours').getByText('Show the numbers').click()
  await expect(app.table('Runs created in the last 24 hours by state, each half hour').locator('tbody tr')).toHaveCount(
    48,
  )
  const due = app.table('Runs that are due next')
  await expect(due.locator('tbody tr')).toHaveCount(8)
  await expect(due).toContainText('+09:00')
  await expect(due).toContainText('UTC')
})
