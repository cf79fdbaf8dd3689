-- Runs that a worker had in hand at some moment of a window, the latest start first. There is no index on the time of a
-- start: runs that were created from a reach before the window on are looked at, and running ones of any age.
select {{template "window_columns.sql"}}, coalesce(d.name, '') as job_name
from (
  select * from (
    select * from scheduler_job_runs
    where created_at >= @reach::timestamptz and created_at < @to::timestamptz and started_at < @to
      and (finished_at >= @from::timestamptz or finished_at is null and state = 'RUNNING')
    union all
    select * from scheduler_job_runs
    where state = 'RUNNING' and created_at < @reach::timestamptz and started_at < @to::timestamptz
  ) r
  order by started_at desc, id desc
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.started_at desc, r.id desc
