-- Runs in line up to the horizon, oldest first, without those that were refused a moment ago.
select id, version, scheduled_for <= @now as due
from scheduler_job_runs
where state in ('PENDING', 'ORPHANED') and scheduled_for <= @horizon and id <> all(@held::bigint[])
order by scheduled_for, id
limit 500
for update skip locked;
