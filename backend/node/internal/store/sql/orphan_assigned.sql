-- Takes runs back from workers that are gone or detached and did not start them within the grace.
with lost as (
    select id, version from scheduler_job_runs
    where state = 'ASSIGNED' and (assigned_at is null or assigned_at < @cutoff)
      and assigned_worker_id <> all(@present::text[])
    order by scheduled_for, id
    limit 500
    for update skip locked
)
update scheduler_job_runs r
set state = 'ORPHANED', assigned_worker_id = '', assigned_at = null, attempt = r.attempt + 1, leader_epoch = @epoch,
    error_summary = concat_ws(E'\n', nullif(r.error_summary, ''), 'orphaned: assigned worker inactive'),
    version = r.version + 1, updated_at = @now
from lost
where r.id = lost.id and r.version = lost.version and r.state = 'ASSIGNED';
