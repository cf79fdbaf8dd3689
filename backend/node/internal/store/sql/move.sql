-- Gives assigned runs to another worker.
update scheduler_job_runs r
set assigned_worker_id = move.worker_id, assigned_at = @now, leader_epoch = @epoch,
    error_summary = concat_ws(E'\n', nullif(r.error_summary, ''), 'rebalanced: ' || r.assigned_worker_id || ' -> ' || move.worker_id),
    version = r.version + 1, updated_at = @now
from unnest(@ids::bigint[], @versions::int[], @workers::text[]) as move(id, version, worker_id)
where r.id = move.id and r.version = move.version and r.state = 'ASSIGNED';
