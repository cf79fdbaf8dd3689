import { HOSTILE, hostileText } from '../support/hostile.ts'
import { foreignElements, rawControls } from '../support/intruders.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

// The fixture “unharmed” also fails each of these when a script ran or a request left.
test('hostile job names, schedules and commands are text in the list of jobs', async ({ app, page, cluster }) => {
  for (const text of HOSTILE)
    await addJob(cluster, { name: text.slice(0, 200), command: text.slice(0, 200), schedule: { kind: text } })
  await addJob(cluster, {
    name: hostileText(200),
    command: 'x',
    type: 'event',
    schedule: { event_types: [...HOSTILE] },
  })
  await app.open('#/ops/jobs/')
  for (const language of ['en', 'ja']) {
    await app.choose('language', language)
    await expect(app.content.getByText(HOSTILE[0]).first()).toBeVisible()
    expect(await foreignElements(app)).toEqual([])
    expect(await rawControls(app)).toEqual([])
  }
  // However long and unbreakable, it stays within its cell.
  const spilling = app.content
    .locator('.ops-schedule')
    .evaluateAll((all) => all.filter((e) => e.scrollWidth > e.clientWidth).length)
  expect(await spilling).toBe(0)
  await app.choose('language', 'en')
  await app
    .rows('Jobs')
    .filter({ hasText: HOSTILE[1] })
    .getByRole('button', { name: /as JSON/ })
    .first()
    .click()
  await expect(page.getByRole('dialog')).toContainText(HOSTILE[1])
  expect(await foreignElements(app)).toEqual([])
})

test('a hostile run is text in the list and on its own screen, whatever its size', async ({ app, page, cluster }) => {
  const job = await addJob(cluster, { name: hostileText(200), command: hostileText(200) })
  const error = hostileText(1_000_000)
  const worker = HOSTILE[0]
  const run = await addFailedRun(cluster, job, {
    worker,
    error,
    key: hostileText(256),
    logRef: `https://hostile.example/${HOSTILE[0]}`,
    log: [`NUL\0 in a log ${hostileText(2000)}\n`, `\u001b[1;31mERROR\u001b[0m ${HOSTILE[0]}\r\n`],
  })
  await app.open(`#/ops/runs/?job=${job}`)
  const row = app.content.locator(`tr[data-key="${run}"]`)
  await expect(row).toContainText(HOSTILE[0])
  expect(await foreignElements(app)).toEqual([])
  expect(await rawControls(app)).toEqual([])

  await app.go(`#/ops/runs/${run}/`)
  await expect(app.heading).toContainText(HOSTILE[0])
  expect(await foreignElements(app)).toEqual([])
  expect(await rawControls(app)).toEqual([])
  await app
    .panel('Error')
    .getByRole('button', { name: /Show all/ })
    .click()
  await expect(page.getByRole('dialog').getByText(HOSTILE[0]).first()).toBeVisible()
  expect(await foreignElements(app)).toEqual([])
  await page.keyboard.press('Escape')

  await app.go(`#/ops/workers/${encodeURIComponent(worker)}/`)
  await expect(app.heading).toContainText(worker)
  expect(await foreignElements(app)).toEqual([])
})

test('hostile logs are text, NUL and escape codes included', async ({ app, cluster }) => {
  const job = await addJob(cluster, { name: 'hostile log', command: 'x' })
  const run = await addFailedRun(cluster, job, {
    log: HOSTILE.map((text) => `${text} NUL\0\n`).concat(
      '\u001b[1;31mERROR\u001b[0m in red\n',
      `${hostileText(100_000)}\n`,
    ),
  })
  await app.open(`#/ops/runs/${run}/`)
  const log = app.content.getByRole('region', { name: 'Log of attempt 0' })
  await expect(log).toContainText(HOSTILE[0])
  await expect(log).toContainText('NUL␀')
  await expect(log.locator('.ops-fg-red').filter({ hasText: 'ERROR' })).toHaveText('ERROR')
  expect(await foreignElements(app)).toEqual([])
  expect(await rawControls(app)).toEqual([])
})

test('hostile workers in Redis are text', async ({ app, cluster }) => {
  const id = `evil\0${HOSTILE[0]}`
  const shown = id.replace('\0', '\ufffd') // what a reader of Redis makes of NUL
  const keys = [
    `scheduler:worker:${id}`,
    `scheduler:worker:${id}:info`,
    `scheduler:worker:${id}:heartbeat`,
    `scheduler:detach:${id}`,
  ]
  const [state = '', info = '', heartbeat = '', detach = ''] = keys
  const now = String(Date.now() / 1000)
  await cluster.redis.set(detach, '1') // so that no leader gives it work
  await cluster.redis.set(heartbeat, now, { expiration: { type: 'EX', value: 120 } }) // alive only with an end
  await cluster.redis.hSet(state, {
    node_id: hostileText(300),
    pid: HOSTILE[1],
    grpc_host: HOSTILE[2],
    grpc_port: HOSTILE[3],
    role: HOSTILE[0],
    last_heartbeat_ts: now,
    load: '1e999',
    current_job_run_id: HOSTILE[1],
    detached: HOSTILE[0],
    draining: 'true',
    leader_worker_id: `NUL\0${HOSTILE[0]}`,
    epoch: '-1',
    capabilities: HOSTILE.join(','),
  })
  await cluster.redis.hSet(info, {
    worker_id: id,
    node_id: HOSTILE[0],
    grpc_host: HOSTILE[1],
    grpc_port: '99999999',
    last_seen: HOSTILE[2],
  })
  await cluster.redis.sAdd('scheduler:workers:set', id)
  try {
    await app.open('#/ops/workers/')
    await expect(app.rows('Workers').filter({ hasText: shown })).toHaveCount(1)
    expect(await foreignElements(app)).toEqual([])
    expect(await rawControls(app)).toEqual([])
    await app.go('#/ops/')
    await expect(app.panel('Who believes what')).toContainText(shown, { timeout: 30_000 })
    expect(await foreignElements(app)).toEqual([])
    await app.go(`#/ops/workers/${encodeURIComponent(shown)}/`)
    await expect(app.heading).toContainText(shown)
    expect(await foreignElements(app)).toEqual([])
    expect(await rawControls(app)).toEqual([])
  } finally {
    await cluster.redis.sRem('scheduler:workers:set', id)
    await cluster.redis.del(keys)
  }
})

test('hostile addresses open nothing', async ({ app, page }) => {
  await app.open('#/ops/')
  for (const text of HOSTILE) {
    for (const address of [
      `#/ops/runs/${encodeURIComponent(text)}/`,
      `#/ops/runs/?error=${encodeURIComponent(text)}`,
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash
      }, address)
      await expect(app.content.locator('.ops-face-loading')).toHaveCount(0)
      expect(await foreignElements(app)).toEqual([])
    }
  }
})

test('hostile settings, entries of the audit and events are text, in lists and on their own', async ({
  app,
  page,
  cluster,
}) => {
  const keys: string[] = []
  for (const [i, text] of HOSTILE.entries()) {
    const key = `SCHEDULER_${i}_${text}`.slice(0, 128)
    keys.push(key)
    await cluster.rows(
      'insert into scheduler_settings (key, value_json, updated_at) values ($1, $2, now())',
      key,
      JSON.stringify({ value: text }),
    )
    await cluster.rows(
      `insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json, constraints_json, examples_json, is_secret, updated_at)
       values ($1, $2::text, $2::text, $2::text, true, $3, $4::jsonb, '{}', $4::jsonb, false, now())`,
      key,
      text.slice(0, 200),
      text.slice(0, 16),
      JSON.stringify([text]),
    )
    await cluster.rows(
      'insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ($1, $2, $1, $3, clock_timestamp())',
      text.slice(0, 128),
      text.slice(0, 128),
      JSON.stringify({ [text]: text, reason: text }),
    )
    await cluster.rows(
      'insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at) values ($1, $2, $1, clock_timestamp(), null)',
      text.slice(0, 128),
      JSON.stringify([text]),
    )
  }
  await cluster.rows(
    `insert into scheduler_config_reload_requests (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
     values ($1, now(), 'APPLIED', now(), $1, 1, $2)`,
    HOSTILE[0],
    JSON.stringify({
      targets: Object.fromEntries(HOSTILE.map((text) => [text, { target: text, ok: false, message: text }])),
    }),
  )
  for (const [address, table] of [
    ['#/ops/settings/', 'Settings'],
    ['#/ops/audit/', 'Audit, newest first'],
    ['#/ops/events/', 'Events, newest first'],
    ['#/ops/failures/?window=30d', 'Causes'],
  ] as const) {
    await app.open(address)
    await expect(app.rows(table).first()).toBeVisible()
    expect(await foreignElements(app), address).toEqual([])
    expect(await rawControls(app), address).toEqual([])
    expect(await app.overflow(), address).toBeLessThanOrEqual(0)
  }
  await app.go('#/ops/settings/')
  await app.content.getByRole('button', { name: 'Worker by worker' }).click()
  await expect(page.getByRole('dialog').locator('tbody tr[data-key]')).toHaveCount(HOSTILE.length)
  expect(await foreignElements(app)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  for (const [table, address] of [
    ['Audit, newest first', '#/ops/audit/'],
    ['Events, newest first', '#/ops/events/'],
  ] as const) {
    await app.go(address)
    await app.rows(table).first().focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog').locator('.ops-json-view')).toBeVisible()
    expect(await foreignElements(app)).toEqual([])
    expect(await rawControls(app)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  // The nodes and later specs need their own settings only.
  await cluster.rows('delete from scheduler_settings where key = any($1)', keys)
  await cluster.rows('delete from scheduler_setting_help where key = any($1)', keys)
})
