{{/* What a run is read as. The error's length is bounded: a list must not carry megabytes. */ -}}
  r.n, r.id, r.job_id, coalesce(j.name, '') as job, coalesce(j.command, '') as command, r.scheduled_for, r.assigned_at, r.worker, r.state,
  r.attempt, r.version, r.leader_epoch, r.started_at, r.finished_at, r.exit_code, substr(r.error, 1, @error_limit) as error, r.log_ref,
  r.idempotency_key, r.cpu_seconds, r.peak_rss_bytes, r.io_read_bytes, r.io_write_bytes, r.continuation, r.confirming_since,
  r.confirming_deadline, r.created_at, r.updated_at
