-- A run as it is now, locked for the write that ends it.
select state, version, assigned_worker_id, attempt, leader_epoch from scheduler_job_runs where id = @id for update;
