-- Runs in line up to the horizon, oldest first, without those that were refused a moment ago. Each of the two states is
-- read in the order of its index: sorting all that wait would cost more with every one of them.
select r.id, r.version, r.job_definition_id as job_id, r.state, r.assigned_worker_id as worker_id, r.attempt,
       r.scheduled_for, r.scheduled_for <= @now as due, r.idempotency_key like 'retry:%' as retry,
       r.idempotency_key like 'event:%' as event, d.concurrency_policy as policy
from scheduler_job_runs r
join scheduler_job_definitions d on d.id = r.job_definition_id
where r.state in ('PENDING', 'ORPHANED') and r.id = any(array(
    select oldest.id from (
        (select id, scheduled_for from scheduler_job_runs
         where state = 'PENDING' and scheduled_for <= @horizon and id <> all(@held::bigint[])
         order by scheduled_for, id limit 500)
        union all
        (select id, scheduled_for from scheduler_job_runs
         where state = 'ORPHANED' and scheduled_for <= @horizon and id <> all(@held::bigint[])
         order by scheduled_for, id limit 500)
    ) oldest
    order by oldest.scheduled_for, oldest.id
    limit 500))
order by r.scheduled_for, r.id
for update of r skip locked;
