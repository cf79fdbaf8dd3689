-- One job definition with every column, since Django keeps no defaults in the database.
insert into scheduler_job_definitions
    (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
     retry_backoff_seconds, concurrency_policy, created_at, updated_at)
values
    (@name, @enabled, @type, @command_name, @default_args_json::jsonb, @schedule::jsonb, @timeout_seconds, @max_retries,
     @retry_backoff_seconds, @concurrency_policy, @created_at, @updated_at)
returning id;
