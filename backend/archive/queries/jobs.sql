-- Every job, by name.
select id, name, enabled, type, command, default_args, args_masked, schedule, timeout_seconds, max_retries, retry_backoff_seconds,
  concurrency_policy, created_at, updated_at
from job order by name, id limit @page
