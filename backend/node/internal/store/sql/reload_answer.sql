-- Writes what came of a request to reload the settings.
update scheduler_config_reload_requests
set status = case when @applied then 'APPLIED' else 'FAILED' end, applied_at = @now, leader_worker_id = @leader,
    leader_epoch = @epoch, result_json = @result::jsonb
where id = @id and status = 'PENDING';
