-- Ends a run that its worker has in hand.
update scheduler_job_runs
set state = @state, finished_at = clock_timestamp() - @ago::interval, exit_code = @exit_code, error_summary = @error_summary,
    resource_cpu_seconds_total = @cpu_seconds, resource_peak_rss_bytes = @peak_rss_bytes,
    resource_io_read_bytes = @io_read_bytes, resource_io_write_bytes = @io_write_bytes,
    continuation_state = 'NONE', continuation_check_started_at = null, continuation_check_deadline_at = null,
    version = version + 1, updated_at = clock_timestamp()
where id = @id and state = 'RUNNING' and version = @version;
