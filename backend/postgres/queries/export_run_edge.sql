-- Where a range of creation times ends that begins at @from and holds about @stretch runs: never between runs of one moment. Null =
-- at the end of the span.
select coalesce(
  (select created_at from (
    select created_at from scheduler_job_runs where created_at >= @from::timestamptz and created_at < @before::timestamptz
    order by created_at offset @stretch::bigint limit 1
  ) r where created_at > @from),
  (select min(created_at) from scheduler_job_runs where created_at > @from and created_at < @before and exists (
    select from scheduler_job_runs where created_at >= @from and created_at < @before offset @stretch::bigint))) as at
