-- Ends the doubt about a run that its worker may go on with.
update scheduler_job_runs
set continuation_state = 'NONE', continuation_check_started_at = null, continuation_check_deadline_at = null,
    version = version + 1, updated_at = clock_timestamp()
where id = @id and state = 'RUNNING' and assigned_worker_id = @worker_id and attempt = @attempt
  and leader_epoch is not distinct from @assigned_in
  and continuation_state = 'CONFIRMING' and continuation_check_deadline_at > clock_timestamp();
