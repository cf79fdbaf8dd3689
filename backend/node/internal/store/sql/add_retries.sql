-- Puts retries in line, with the arguments of the run that they repeat. A time that is taken already is tried again
-- with the next tick.
with wanted as (
    select * from unnest(@runs::bigint[], @jobs::bigint[], @ats::timestamptz[], @keys::text[]) as w(run_id, job_id, at, key)
), added as (
    insert into scheduler_job_runs (
        job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version, error_summary, log_ref,
        idempotency_key, continuation_state, created_at, updated_at)
    select job_id, at, 'PENDING', '', 0, 0, '', '', key, 'NONE', @now, @now from wanted
    on conflict (job_definition_id, scheduled_for) do nothing
    returning id, idempotency_key
), args as (
    insert into opsdeck_node.run_args (run_id, args_json)
    select added.id, a.args_json
    from added join wanted on wanted.key = added.idempotency_key join opsdeck_node.run_args a on a.run_id = wanted.run_id
)
select wanted.run_id from added join wanted on wanted.key = added.idempotency_key;
