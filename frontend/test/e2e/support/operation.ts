import { expect, type Locator } from '@playwright/test'
import type { App } from './app.ts'
import type { Cluster, LiveWorker } from './cluster.ts'

/** The dialog of an operation, as an operator goes through it. */
export class Operation {
  readonly dialog: Locator
  readonly verb: string

  constructor(app: App, title: string | RegExp, verb: string) {
    this.dialog = app.page.getByRole('dialog', { name: title })
    this.verb = verb
  }

  /** Waits until the preview is there. */
  async shown(): Promise<void> {
    await expect(this.dialog.getByLabel('Reason')).toBeVisible()
  }

  async perform(reason: string): Promise<void> {
    await this.shown()
    const go = this.dialog.getByRole('button', { name: this.verb, exact: true })
    await expect(go).toBeDisabled()
    await this.dialog.getByLabel('Reason').fill(reason)
    await go.click()
  }

  /** Waits for how it ended, which may take as long as an operation may. */
  async ended(result: string): Promise<void> {
    await expect(this.dialog.locator('.ops-outcome-result')).toHaveText(result, { timeout: 50_000 })
  }

  /** The value of one of the three things that are told apart. */
  fact(name: string): Locator {
    return this.dialog.locator('.ops-outcome dt').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]')
  }

  async id(): Promise<string> {
    return ((await this.fact('Operation').textContent()) ?? '').trim()
  }

  async close(): Promise<void> {
    await this.dialog.locator('.modal-footer').getByRole('button', { name: 'Close' }).click()
    await expect(this.dialog).toHaveCount(0)
  }
}

/** What the audit has of an operation: action, actor and reason, in order. */
export async function auditOf(cluster: Cluster, operation: string): Promise<string[]> {
  const rows = await cluster.rows<{ entry: string }>(
    `select concat_ws(' ', action, actor, payload_json ->> 'reason') as entry from scheduler_admin_action_logs
     where payload_json ->> 'operation' = $1 order by id`,
    operation,
  )
  return rows.map((r) => r.entry)
}

/**
 * A worker that doesn't lead, has nothing in hand or in line, and is in service. In a calm cluster it stays so until a
 * test gives out work.
 */
export async function idleWorker(cluster: Cluster): Promise<LiveWorker> {
  let idle: LiveWorker | undefined
  const look = async () => {
    const [leader, workers] = [await cluster.leader(), await cluster.workers()]
    for (const worker of workers.filter((w) => w.id !== leader)) {
      const hash = await cluster.redis.hGetAll(`scheduler:worker:${worker.id}`)
      const flagged = await cluster.redis.exists(`scheduler:detach:${worker.id}`)
      const open = await cluster.value<number>(
        `select count(*)::int from scheduler_job_runs where assigned_worker_id = $1 and state in ('ASSIGNED', 'RUNNING')`,
        worker.id,
      )
      if (hash['current_job_run_id'] === '' && hash['draining'] === '0' && flagged === 0 && open === 0) idle = worker
    }
    return idle !== undefined
  }
  await expect.poll(look, { message: 'a worker is idle', timeout: 60_000 }).toBe(true)
  return idle as LiveWorker
}
