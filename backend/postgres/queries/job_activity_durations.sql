-- How long the runs of each job took that were created in a window and ended by themselves, in seconds.
select job_definition_id as job_id, count(*) as durations,
  percentile_cont(array[0.5, 0.95, 0.99]) within group (order by date_part('epoch', finished_at - started_at)) as duration
from scheduler_job_runs
where created_at >= @from::timestamptz and created_at < @to::timestamptz
  and state in ('SUCCEEDED', 'FAILED', 'TIMED_OUT') and finished_at >= started_at
group by 1
