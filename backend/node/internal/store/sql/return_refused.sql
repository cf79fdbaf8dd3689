-- Puts runs back in line whose start was refused or got no answer. A run that started after all has another version.
update scheduler_job_runs r
set state = 'PENDING', assigned_worker_id = '', assigned_at = null, leader_epoch = @epoch,
    version = r.version + 1, updated_at = @now
from unnest(@ids::bigint[], @versions::int[]) as refused(id, version)
where r.id = refused.id and r.version = refused.version and r.state = 'ASSIGNED';
