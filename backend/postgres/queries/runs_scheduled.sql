-- Runs whose time lies in a window, by job and time. Each job's part comes from the unique index
-- (job_definition_id, scheduled_for).
select {{template "window_columns.sql"}}, d.name as job_name
from scheduler_job_definitions d
cross join lateral (
  select * from scheduler_job_runs r
  where r.job_definition_id = d.id and r.scheduled_for >= @from::timestamptz and r.scheduled_for < @to::timestamptz
  limit @page::int
) r
order by r.job_definition_id, r.scheduled_for
limit @page::int
