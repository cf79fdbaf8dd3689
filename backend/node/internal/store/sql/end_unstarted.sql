-- Ends runs that nobody has in hand, each with its reason.
update scheduler_job_runs r
set state = ended.state, assigned_worker_id = '', assigned_at = null, finished_at = @now, leader_epoch = @epoch,
    error_summary = concat_ws(E'\n', nullif(r.error_summary, ''), ended.reason), version = r.version + 1, updated_at = @now
from unnest(@ids::bigint[], @versions::int[], @states::text[], @reasons::text[]) as ended(id, version, state, reason)
where r.id = ended.id and r.version = ended.version and r.state in ('PENDING', 'ASSIGNED', 'ORPHANED');
