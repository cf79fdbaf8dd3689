-- What every worker has in hand and in line.
select assigned_worker_id as worker_id,
       count(*) filter (where state = 'RUNNING')::int as running,
       count(*) filter (where state = 'ASSIGNED')::int as assigned,
       count(*) filter (where state = 'ASSIGNED' and scheduled_for <= @now)::int as due
from scheduler_job_runs
where state in ('ASSIGNED', 'RUNNING')
group by assigned_worker_id;
