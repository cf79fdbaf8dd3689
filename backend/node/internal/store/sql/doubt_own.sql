-- Doubts a run that a worker has in hand that was asked to stay away. A doubt that stands keeps its deadline.
update scheduler_job_runs
set continuation_state = 'CONFIRMING', continuation_check_started_at = clock_timestamp(),
    continuation_check_deadline_at = clock_timestamp() + @grace::interval, version = version + 1,
    updated_at = clock_timestamp()
where id = @id and state = 'RUNNING' and assigned_worker_id = @worker_id and attempt = @attempt
  and leader_epoch is not distinct from @assigned_in and continuation_state = 'NONE';
