-- Whether an attempt is still its worker's.
select exists (
    select from scheduler_job_runs
    where id = @id and state = 'RUNNING' and assigned_worker_id = @worker_id and attempt = @attempt
      and leader_epoch is not distinct from @assigned_in);
