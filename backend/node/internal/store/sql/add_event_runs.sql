-- Makes the runs that events ask for, unless the application that took the event in has made them: it does so within
-- the same request.
insert into scheduler_job_runs (
    job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version, error_summary, log_ref,
    idempotency_key, continuation_state, created_at, updated_at)
select job_id, at, 'PENDING', '', 0, 0, '', '', key, 'NONE', @now::timestamptz, @now::timestamptz
from unnest(@jobs::bigint[], @ats::timestamptz[], @keys::text[]) as e(job_id, at, key)
where not exists (
    select from scheduler_job_runs r
    where r.created_at between @since::timestamptz and @until::timestamptz
      and r.job_definition_id = e.job_id and r.idempotency_key = e.key);
