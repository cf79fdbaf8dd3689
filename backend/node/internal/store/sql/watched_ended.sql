-- Watched runs that have ended or are gone, and what their job says about retries.
select w.run_id as id, coalesce(r.state, '') as state, coalesce(r.job_definition_id, 0) as job_id,
       coalesce(r.idempotency_key, '') as idempotency_key, coalesce(r.finished_at, @now) as finished_at,
       coalesce(d.enabled, false) as enabled, coalesce(d.max_retries, 0) as max_retries,
       coalesce(d.retry_backoff_seconds, 0) as backoff_seconds
from opsdeck_node.retry_watch w
left join scheduler_job_runs r on r.id = w.run_id
left join scheduler_job_definitions d on d.id = r.job_definition_id
where r.id is null or r.state in ('SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED', 'TIMED_OUT')
order by w.run_id
limit 500;
