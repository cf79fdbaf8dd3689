-- The newest failures of a window.
select {{template "run_columns.sql"}}
from (
  select * from scheduler_job_runs
  where created_at >= @from::timestamptz and created_at < @to::timestamptz and state in ('FAILED', 'TIMED_OUT')
  order by created_at desc, id desc
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.created_at desc, r.id desc
