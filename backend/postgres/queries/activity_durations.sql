-- How long runs created in a window took, of those that ended by themselves, and how long after their time they
-- started; in seconds. date_part, since extract computes in numeric and costs twice as much.
select count(duration) as durations, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration) as duration,
  count(delay) as delays, percentile_cont(array[0.5, 0.95, 0.99]) within group (order by delay) as delay
from (
  select
    case when state in ('SUCCEEDED', 'FAILED', 'TIMED_OUT') and finished_at >= started_at
      then date_part('epoch', finished_at - started_at) end as duration,
    case when started_at > scheduled_for then date_part('epoch', started_at - scheduled_for)
      when started_at <= scheduled_for then 0 end as delay
  from scheduler_job_runs
  where created_at >= @from::timestamptz and created_at < @to::timestamptz
) r
