import { type App, LANGUAGES, SCREENS } from '../support/app.ts'
import type { Cluster } from '../support/cluster.ts'
import { HOSTILE, hostileText } from '../support/hostile.ts'
import { foreignElements, rawControls } from '../support/intruders.ts'
import { addFailedRun, addJob } from '../support/records.ts'
import { expect, test } from '../support/test.ts'

/** JSON that is hostile in its keys, its values and its depth. PostgreSQL takes no NUL in it. */
const json = () =>
  JSON.stringify({ [hostileText(300)]: [...HOSTILE], nested: { [HOSTILE[0]]: { [HOSTILE[1]]: HOSTILE[2] } } })

/** Fills every field that a screen shows of settings, events, audit, reloads, terms, jobs and runs. */
async function fill(cluster: Cluster): Promise<{ job: string; runs: [string, string] }> {
  const job = await addJob(cluster, {
    name: hostileText(200),
    command: hostileText(200),
    type: 'event',
    schedule: { event_types: [...HOSTILE], [HOSTILE[0]]: HOSTILE[1] },
  })
  await cluster.rows('update scheduler_job_definitions set default_args_json = $2 where id = $1', job, json())
  const runs = [
    await addFailedRun(cluster, job, { worker: HOSTILE[0], error: hostileText(5000), key: hostileText(256) }),
    await addFailedRun(cluster, job, { worker: HOSTILE[1], error: HOSTILE.join('\n'), log: [hostileText(5000)] }),
  ] as [string, string]
  for (const [i, text] of HOSTILE.entries()) {
    await cluster.rows(
      `insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
       values ($1, $2, $3, clock_timestamp(), clock_timestamp())`,
      text,
      json(),
      text,
    )
    await cluster.rows(
      'insert into scheduler_settings (key, value_json, updated_at) values ($1, $2, clock_timestamp()) on conflict do nothing',
      `SCHEDULER_${text}`,
      JSON.stringify({ value: text }),
    )
    await cluster.rows(
      `insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json,
         constraints_json, examples_json, is_secret, updated_at)
       values ($1, $2::text, $2::text, $2::text, true, $3, $4::jsonb, $5, $4::jsonb, false, clock_timestamp()) on conflict do nothing`,
      `SCHEDULER_${text}`,
      text,
      ['enum', 'text', 'bool', text.slice(0, 16)][i % 4],
      JSON.stringify([...HOSTILE]),
      JSON.stringify({ min: text, max: [text] }),
    )
    await cluster.rows(
      `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
       values ($1, $2, $3, $4, clock_timestamp())`,
      text,
      text,
      text,
      json(),
    )
  }
  await cluster.rows(
    `insert into scheduler_config_reload_requests (requested_by, requested_at, status, leader_worker_id, result_json)
     values ($1, clock_timestamp(), 'FAILED', $2, $3)`,
    HOSTILE[0],
    HOSTILE[1],
    JSON.stringify({
      ok_count: HOSTILE[0],
      total: HOSTILE[1],
      targets: {
        [HOSTILE[2]]: { ok: false, message: hostileText(2000), target: HOSTILE[3] },
        [HOSTILE[1]]: HOSTILE[0],
      },
    }),
  )
  // Before every epoch of the cluster, so that no leader minds.
  await cluster.rows("insert into opsdeck_node.term values (-1, $1, now() - interval '1 hour')", HOSTILE[0])
  return { job, runs }
}

/** Opens whatever opens on a screen, so that it is drawn too. */
async function unfold(app: App): Promise<void> {
  for (const summary of await app.content.locator('details:not([open]) > summary').all()) {
    if (await summary.isVisible()) await summary.click()
  }
}

// The fixture “unharmed” also fails this when a script ran or a request left.
test('whatever anybody wrote into the cluster is text on every screen, in both languages', async ({ app, cluster }) => {
  test.setTimeout(240_000)
  const { job, runs } = await fill(cluster)
  const addresses = [
    ...Object.values(SCREENS),
    `#/ops/jobs/${job}/`,
    `#/ops/jobs/${job}/edit/`,
    `#/ops/runs/${runs[0]}/`,
    `#/ops/compare/${runs[0]}/${runs[1]}/`,
    '#/ops/timeline/',
    '#/ops/expected/',
  ]
  await app.open('#/ops/')
  for (const address of addresses) {
    for (const language of LANGUAGES) {
      await app.choose('language', language)
      await app.go(address)
      await unfold(app)
      expect(await foreignElements(app), `${address} ${language}`).toEqual([])
      expect(await rawControls(app), `${address} ${language}`).toEqual([])
      expect(await app.overflow(), `${address} ${language} spills over the window`).toBe(0)
    }
  }
})
