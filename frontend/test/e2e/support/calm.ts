import { expect } from '@playwright/test'
import type { Cluster } from './cluster.ts'

/**
 * Leaves the cluster no work but a test's own: some of the sandbox's jobs run for minutes on whoever got them. What runs
 * already goes on to its end, and nothing more is started. The returned function puts the jobs back into service.
 */
export async function calm(cluster: Cluster): Promise<() => Promise<void>> {
  const served = await cluster.rows<{ id: string; retries: number }>(
    `update scheduler_job_definitions d set enabled = false, max_retries = 0
     from scheduler_job_definitions old where old.id = d.id and old.enabled
     returning d.id, old.max_retries as retries`,
  )
  const jobs = served.map((job) => job.id)
  await tick(cluster) // may have read the jobs before
  await tick(cluster)
  await cluster.rows(
    `update scheduler_job_runs
     set state = 'CANCELED', error_summary = 'e2e: not now', finished_at = now(), version = version + 1, updated_at = now()
     where job_definition_id = any($1) and state in ('PENDING', 'ASSIGNED', 'ORPHANED')`,
    jobs,
  )
  return async () => {
    await cluster.rows(
      `update scheduler_job_definitions d set enabled = true, max_retries = j.retries
       from unnest($1::bigint[], $2::int[]) as j (id, retries) where d.id = j.id`,
      jobs,
      served.map((job) => job.retries),
    )
  }
}

/** Waits until the leader has been through its work once more. */
async function tick(cluster: Cluster): Promise<void> {
  const seen = () => cluster.redis.get('scheduler:leader:last_seen_ts')
  const before = await seen()
  await expect.poll(seen, { timeout: 30_000 }).not.toBe(before)
}
