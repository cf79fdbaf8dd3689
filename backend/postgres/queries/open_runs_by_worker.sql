-- What each worker has to do.
select assigned_worker_id, count(*) filter (where state = 'ASSIGNED') as assigned,
  count(*) filter (where state = 'RUNNING') as running,
  coalesce(max(id) filter (where state = 'RUNNING'), 0) as running_run
from scheduler_job_runs
where state in ('ASSIGNED', 'RUNNING') and assigned_worker_id <> ''
group by assigned_worker_id
