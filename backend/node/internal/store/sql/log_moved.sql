-- Says where a log is now, on its attempt and, where that is still the run's, on the run.
with moved as (
    update opsdeck_node.run_attempt set log_ref = @log_ref where run_id = @id and attempt = @attempt
)
update scheduler_job_runs
set log_ref = @log_ref, version = version + 1, updated_at = clock_timestamp()
where id = @id and log_ref = @former;
