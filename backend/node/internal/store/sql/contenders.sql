-- Runs that have been given out or lost, of jobs that don't let their runs overlap.
select r.id, r.version, r.job_definition_id as job_id, r.state, r.assigned_worker_id as worker_id, r.attempt,
       coalesce(r.scheduled_for, r.created_at) as scheduled_for, coalesce(r.scheduled_for <= @now, true) as due,
       r.idempotency_key like 'retry:%' as retry, r.idempotency_key like 'event:%' as event, d.concurrency_policy as policy
from scheduler_job_runs r
join scheduler_job_definitions d on d.id = r.job_definition_id
where r.state in ('ASSIGNED', 'RUNNING', 'ORPHANED') and d.concurrency_policy <> 'allow';
