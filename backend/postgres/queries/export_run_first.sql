-- When the oldest run of a span was created; null without one.
select min(created_at) as at from scheduler_job_runs where created_at >= @from::timestamptz and created_at < @before::timestamptz
