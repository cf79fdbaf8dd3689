-- Gives up runs that are too late and never started. A later attempt is a lost run that somebody waits for: those are
-- never skipped.
with late as (
    select id, version from scheduler_job_runs
    where state in ('PENDING', 'ASSIGNED') and attempt = 0 and scheduled_for < @cutoff
    order by scheduled_for, id
    limit 500
    for update skip locked
)
update scheduler_job_runs r
set state = 'SKIPPED', assigned_worker_id = '', assigned_at = null, finished_at = @now, leader_epoch = @epoch,
    error_summary = concat_ws(E'\n', nullif(r.error_summary, ''), 'skipped: scheduled_for too old'),
    version = r.version + 1, updated_at = @now
from late
where r.id = late.id and r.version = late.version and r.state in ('PENDING', 'ASSIGNED');
