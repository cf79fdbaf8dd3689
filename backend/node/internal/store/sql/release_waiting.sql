-- Puts runs back in line that can't start where they are: those of draining workers at once, and as many due runs
-- that wait behind another run as there are usable workers with nothing to do.
with waiting as (
    select id, assigned_worker_id, scheduled_for, scheduled_for <= @now as due,
           row_number() over (partition by assigned_worker_id order by scheduled_for, id) > 1 as behind
    from scheduler_job_runs
    where state = 'ASSIGNED'
), idle as (
    select count(*) as workers from unnest(@usable::text[]) as usable(worker_id)
    where not exists (
        select from scheduler_job_runs r where r.assigned_worker_id = usable.worker_id
          and (r.state = 'RUNNING' or r.state = 'ASSIGNED' and r.scheduled_for <= @now))
), blocked as (
    (select id from waiting where assigned_worker_id = any(@draining::text[]))
    union
    (select w.id from waiting w
     where w.due and (w.behind or exists (
         select from scheduler_job_runs r where r.assigned_worker_id = w.assigned_worker_id and r.state = 'RUNNING'))
     order by w.scheduled_for, w.id
     limit (select workers from idle))
), released as (
    select id, version from scheduler_job_runs
    where id in (select id from blocked) and state = 'ASSIGNED'
    for update skip locked
)
update scheduler_job_runs r
set state = 'PENDING', assigned_worker_id = '', assigned_at = null, leader_epoch = @epoch,
    version = r.version + 1, updated_at = @now
from released
where r.id = released.id and r.version = released.version and r.state = 'ASSIGNED';
