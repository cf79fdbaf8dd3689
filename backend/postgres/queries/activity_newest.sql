-- The newest failures and the newest late runs of a window; none of those of which none are wanted, without looking for them.
select r.list, {{template "run_columns.sql"}}
from (
  (select *, 'failed' as list from scheduler_job_runs
  where created_at >= @from::timestamptz and created_at < @to::timestamptz and state in ('FAILED', 'TIMED_OUT')
  order by created_at desc, id desc
  limit @failures::int)
  union all
  (select *, 'late' as list from scheduler_job_runs
  where created_at >= @from::timestamptz and created_at < @to::timestamptz and {{template "late.sql"}}
  order by created_at desc, id desc
  limit @late::int)
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.list, r.created_at desc, r.id desc
