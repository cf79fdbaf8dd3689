-- The run that each worker should start now: its oldest due one, if it runs nothing. One a worker, so that no worker
-- waits for another's.
select distinct on (r.assigned_worker_id)
       r.id, r.version, r.attempt, r.assigned_worker_id as worker_id, d.command_name,
       d.default_args_json::text as args, d.timeout_seconds
from scheduler_job_runs r
join scheduler_job_definitions d on d.id = r.job_definition_id
where r.state = 'ASSIGNED' and r.scheduled_for <= @now
  and not exists (
      select from scheduler_job_runs b where b.assigned_worker_id = r.assigned_worker_id and b.state = 'RUNNING')
order by r.assigned_worker_id, r.scheduled_for, r.id;
