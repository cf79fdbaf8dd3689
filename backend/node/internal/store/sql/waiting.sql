-- Runs in line up to the horizon, oldest first, without those that were refused a moment ago.
select r.id, r.version, r.job_definition_id as job_id, r.state, r.assigned_worker_id as worker_id, r.attempt,
       r.scheduled_for, r.scheduled_for <= @now as due, r.idempotency_key like 'retry:%' as retry,
       d.concurrency_policy as policy
from scheduler_job_runs r
join scheduler_job_definitions d on d.id = r.job_definition_id
where r.state in ('PENDING', 'ORPHANED') and r.scheduled_for <= @horizon and r.id <> all(@held::bigint[])
order by r.scheduled_for, r.id
limit 500
for update of r skip locked;
