-- Assigned runs that are far enough ahead to be given to another worker, those furthest ahead first.
select id, version, assigned_worker_id as worker_id
from scheduler_job_runs
where state = 'ASSIGNED' and scheduled_for > @after and assigned_at < @assigned_before
order by scheduled_for desc, id desc
limit 1000
for update skip locked;
