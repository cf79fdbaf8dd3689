-- A run that an event asked for: due now, with microseconds, so that it meets no minute slot.
insert into scheduler_job_runs
    (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt, version, error_summary, log_ref,
     continuation_state, created_at, updated_at)
values
    (@job_definition_id, clock_timestamp(), 'PENDING', @idempotency_key, '', 0, 0, '', '', 'NONE', clock_timestamp(), clock_timestamp());
