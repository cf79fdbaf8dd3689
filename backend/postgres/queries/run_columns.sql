{{/* What a run is read as. The error's length is bounded: a list must not carry megabytes. */ -}}
  r.id, r.job_definition_id, coalesce(d.name, '') as job_name, coalesce(d.command_name, '') as command_name,
  r.scheduled_for, r.assigned_at, r.assigned_worker_id, r.state, r.attempt, r.version, r.leader_epoch,
  r.started_at, r.finished_at, r.exit_code, left(r.error_summary, @error_limit) as error_summary,
  r.log_ref, r.idempotency_key, r.resource_cpu_seconds_total, r.resource_peak_rss_bytes, r.resource_io_read_bytes,
  r.resource_io_write_bytes, r.continuation_state, r.continuation_check_started_at,
  r.continuation_check_deadline_at, r.created_at, r.updated_at
