-- Gives runs to workers.
update scheduler_job_runs r
set state = 'ASSIGNED', assigned_worker_id = choice.worker_id, assigned_at = @now, leader_epoch = @epoch,
    version = r.version + 1, updated_at = @now
from unnest(@ids::bigint[], @versions::int[], @workers::text[]) as choice(id, version, worker_id)
where r.id = choice.id and r.version = choice.version and r.state in ('PENDING', 'ORPHANED');
