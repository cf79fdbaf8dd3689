-- Puts runs back in line that can't start where they are: those of draining workers at once, and as many due runs
-- that wait behind others as usable workers have room for.
with running as materialized (
    select assigned_worker_id as worker_id, count(*) as runs from scheduler_job_runs where state = 'RUNNING' group by 1
), waiting as (
    select id, assigned_worker_id as worker_id, scheduled_for, scheduled_for <= @now as due,
           row_number() over (partition by assigned_worker_id order by scheduled_for, id) as place
    from scheduler_job_runs
    where state = 'ASSIGNED'
), usable as (
    select worker.id, worker.slots - coalesce(running.runs, 0) as free
    from unnest(@usable::text[], @slots::int[]) as worker(id, slots)
    left join running on running.worker_id = worker.id
), spare as (
    select coalesce(sum(greatest(0, usable.free - coalesce(due.runs, 0))), 0) as slots
    from usable
    left join (select worker_id, count(*) as runs from waiting where due group by worker_id) due on due.worker_id = usable.id
), blocked as (
    (select id from waiting where worker_id = any(@draining::text[]))
    union
    (select w.id from waiting w
     left join usable on usable.id = w.worker_id
     left join running on running.worker_id = w.worker_id
     where w.due and w.place > coalesce(usable.free, 1 - coalesce(running.runs, 0))
     order by w.scheduled_for, w.id
     limit (select slots from spare))
), released as (
    select id, version from scheduler_job_runs
    where id in (select id from blocked) and state = 'ASSIGNED' and id <> all(@starting::bigint[])
    for update skip locked
)
update scheduler_job_runs r
set state = 'PENDING', assigned_worker_id = '', assigned_at = null, leader_epoch = @epoch,
    version = r.version + 1, updated_at = @now
from released
where r.id = released.id and r.version = released.version and r.state = 'ASSIGNED';
