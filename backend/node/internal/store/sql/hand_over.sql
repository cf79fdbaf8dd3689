-- Gives a run back whose command was ended without a result: it is doubted with a deadline that is over, so that the
-- leader takes it back with its next tick. The run is changed before its attempt, as the leader does.
with given as (
    update scheduler_job_runs
    set continuation_state = 'CONFIRMING', continuation_check_started_at = clock_timestamp(),
        continuation_check_deadline_at = clock_timestamp(),
        error_summary = concat_ws(E'\n', nullif(error_summary, ''), @note::text), version = version + 1,
        updated_at = clock_timestamp()
    where id = @id and state = 'RUNNING' and assigned_worker_id = @worker_id and attempt = @attempt
      and leader_epoch is not distinct from @assigned_in
    returning id
), noted as (
    update opsdeck_node.run_attempt
    set ended_at = clock_timestamp(), outcome = 'ORPHANED', exit_code = @exit_code, note = @note
    where run_id = @id and attempt = @attempt and worker_id = @worker_id and outcome = ''
)
select exists (select from given);
