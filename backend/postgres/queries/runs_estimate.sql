-- How many runs the planner expects to match; nothing is read.
explain (format json)
select from scheduler_job_runs r
where {{template "run_range.sql"}} and {{template "run_filter.sql"}}
