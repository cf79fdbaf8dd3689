-- Runs created in a window, by job and state.
select r.job_definition_id as job_id, coalesce(d.name, '') as job_name, r.state, r.runs
from (
  select job_definition_id, state, count(*) as runs
  from scheduler_job_runs
  where created_at >= @from::timestamptz and created_at < @to::timestamptz
  group by 1, 2
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by 2, 1, 3
