{{/* What a job is read as. */ -}}
  d.id, d.name, d.enabled, d.type, d.command_name, d.default_args_json, d.schedule, d.timeout_seconds, d.max_retries,
  d.retry_backoff_seconds, d.concurrency_policy, d.created_at, d.updated_at
