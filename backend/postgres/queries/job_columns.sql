{{/* What a job is read as, but for its arguments: they may hold secrets, and no list shows them. */ -}}
  d.id, d.name, d.enabled, d.type, d.command_name, d.schedule, d.timeout_seconds, d.max_retries,
  d.retry_backoff_seconds, d.concurrency_policy, d.created_at, d.updated_at
