-- What became of each job's runs, day by day.
insert into job_day (day, job_id, state, runs, seconds)
select created_at - ((created_at % 86400000000) + 86400000000) % 86400000000 as day, job_id, state, count(*),
  coalesce(sum(case when finished_at >= started_at then (finished_at - started_at) / 1e6 end), 0.0)
from run
group by 1, 2, 3
