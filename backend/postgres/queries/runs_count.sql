-- How many runs match, counted no further than a limit.
select count(*) from (
  select from scheduler_job_runs r
  where {{template "run_range.sql"}} and {{template "run_filter.sql"}}
  limit @count_limit::int
) m
