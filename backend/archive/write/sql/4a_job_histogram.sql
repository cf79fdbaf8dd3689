-- How long the runs of each job took that ended by themselves, day by day, in steps of five percent.
insert into job_histogram (job_id, day, bucket, runs)
select r.job_id, r.created_at - ((r.created_at % 86400000000) + 86400000000) % 86400000000 as day,
  case when r.finished_at - r.started_at < 1000 then 0 else 1 + cast(ln((r.finished_at - r.started_at) / 1000.0) / ln(1.05) as integer) end as bucket, count(*)
from run r
join word s on s.id = r.state
where s.text in ('SUCCEEDED', 'FAILED', 'TIMED_OUT') and r.finished_at >= r.started_at
group by 1, 2, 3
