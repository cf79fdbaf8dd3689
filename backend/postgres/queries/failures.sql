-- The newest failures that were due in a window, with as much of their errors as tells the cause. A branch a state, because
-- the index on (state, scheduled_for) keeps its order only under an equation.
select r.id, r.job_definition_id, coalesce(d.name, '') as job_name, r.state, r.exit_code, r.scheduled_for, r.created_at,
  left(r.error_summary, @head::int) as head,
  case when octet_length(r.error_summary) > @head then right(r.error_summary, @tail::int) else '' end as tail
from (
  (select * from scheduler_job_runs r
   where r.state = 'FAILED' and r.scheduled_for >= @from::timestamptz and r.scheduled_for < @to::timestamptz
   order by r.scheduled_for desc limit @page::int)
  union all
  (select * from scheduler_job_runs r
   where r.state = 'TIMED_OUT' and r.scheduled_for >= @from::timestamptz and r.scheduled_for < @to::timestamptz
   order by r.scheduled_for desc limit @page::int)
  order by scheduled_for desc
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.scheduled_for desc, r.id desc
