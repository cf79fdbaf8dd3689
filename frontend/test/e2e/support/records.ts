import type { Cluster } from './cluster.ts'

/** Adds a job that no schedule starts, and gives its id. */
export async function addJob(
  cluster: Cluster,
  job: { name: string; command: string; type?: string; schedule?: unknown },
): Promise<string> {
  return cluster.value<string>(
    `insert into scheduler_job_definitions
       (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
        retry_backoff_seconds, concurrency_policy, created_at, updated_at)
     values ($1, false, $2, $3, '{}', $4, 0, 0, 0, 'allow', now(), now())
     returning id`,
    job.name,
    job.type ?? 'time',
    job.command,
    JSON.stringify(job.schedule ?? { kind: 'daily', time: '00:00' }),
  )
}

/** Adds a run that is due now, as “run now” would; the leader then sees to it. */
export async function addDueRun(cluster: Cluster, job: string): Promise<string> {
  return cluster.value<string>(
    `insert into scheduler_job_runs
       (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary, log_ref,
        idempotency_key, continuation_state, created_at, updated_at)
     values ($1, clock_timestamp(), '', 'PENDING', 0, 0, '', '', '', 'NONE', now(), now())
     returning id`,
    job,
  )
}

/** Adds a run that has failed, as a scheduler that nobody here knows might have; its log is kept in the database. */
export async function addFailedRun(
  cluster: Cluster,
  job: string,
  run: { worker?: string; error?: string; key?: string; logRef?: string; log?: readonly string[] } = {},
): Promise<string> {
  const id = await cluster.value<string>(
    `insert into scheduler_job_runs
       (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary, log_ref,
        idempotency_key, continuation_state, created_at, updated_at, assigned_at, started_at, finished_at, exit_code)
     values ($1, clock_timestamp(), $2, 'FAILED', 0, 1, $3, '', $4, 'NONE',
       clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp(), 1)
     returning id`,
    job,
    run.worker ?? 'e2e',
    run.error ?? '',
    run.key ?? '',
  )
  await cluster.rows('update scheduler_job_runs set log_ref = $2 where id = $1', id, run.logRef ?? `db:${id}/0`)
  if (run.log) {
    await cluster.rows(
      `insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
       select $1, 0, n, clock_timestamp(), 'stdout', chunk from unnest($2::bytea[]) with ordinality as t (chunk, n)`,
      id,
      run.log.map((chunk) => Buffer.from(chunk)),
    )
  }
  return id
}
