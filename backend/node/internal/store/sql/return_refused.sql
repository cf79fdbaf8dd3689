-- Puts runs back in line whose start was refused or got no answer. A run that started after all has another version.
-- What is wrong with a run itself is noted on it, once.
update scheduler_job_runs r
set state = 'PENDING', assigned_worker_id = '', assigned_at = null, leader_epoch = @epoch,
    error_summary = case when refused.why = '' or position(refused.why in r.error_summary) > 0 then r.error_summary
                         else concat_ws(E'\n', nullif(r.error_summary, ''), refused.why) end,
    version = r.version + 1, updated_at = @now
from unnest(@ids::bigint[], @versions::int[], @whys::text[]) as refused(id, version, why)
where r.id = refused.id and r.version = refused.version and r.state = 'ASSIGNED';
