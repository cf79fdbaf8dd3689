-- Makes the runs that are due, once per job and minute. The anti-join keeps the identity sequence from counting up
-- with every tick; the unique constraint decides between two leaders.
insert into scheduler_job_runs (
    job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version, error_summary, log_ref,
    idempotency_key, continuation_state, created_at, updated_at)
select slot.job_id, slot.at, 'PENDING', '', 0, 0, '', '', '', 'NONE', @now::timestamptz, @now::timestamptz
from unnest(@jobs::bigint[], @ats::timestamptz[]) as slot(job_id, at)
join scheduler_job_definitions d on d.id = slot.job_id and d.enabled
where not exists (
    select from scheduler_job_runs r where r.job_definition_id = slot.job_id and r.scheduled_for = slot.at)
on conflict (job_definition_id, scheduled_for) do nothing;
