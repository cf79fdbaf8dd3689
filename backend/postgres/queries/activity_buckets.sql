-- Runs created in a window, by bucket of time and state, with how many of them are late: started, or still waiting,
-- longer after their time than allowed.
select date_bin(@bucket::interval, created_at, @from::timestamptz) as start, state, count(*) as runs,
  count(*) filter (where {{template "late.sql"}}) as late
from scheduler_job_runs
where created_at >= @from and created_at < @to::timestamptz
group by 1, 2
order by 1, 2
