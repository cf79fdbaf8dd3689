-- What the planner expects gathering to cost; nothing is read.
explain (format json)
select from scheduler_job_runs r
where {{template "run_place.sql" .}} and {{template "run_filter.sql"}}
