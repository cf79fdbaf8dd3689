-- The newest failures that were due in a window, with as much of their errors as tells the cause.
select r.id, r.job_id, coalesce(j.name, ''), r.state, r.exit_code, r.scheduled_for, r.created_at, substr(r.error, 1, @head),
  case when length(r.error) > @head then substr(r.error, -@tail) else '' end
from (
  select r.* from run r indexed by run_state
  where r.state in (@failed, @timed_out) and r.n between @low and @high and r.scheduled_for >= @from and r.scheduled_for < @to
    and {{template "run_ended.sql" .}} <= @at
  order by r.scheduled_for desc, r.id desc limit @page
) r
left join job j on j.id = r.job_id
order by r.scheduled_for desc, r.id desc
