-- How long the runs of each job took that ended by themselves, in steps of five percent.
insert into job_histogram (job_id, bucket, runs)
select r.job_id,
  case when r.finished_at - r.started_at < 1000 then 0 else 1 + cast(ln((r.finished_at - r.started_at) / 1000.0) / ln(1.05) as integer) end as bucket, count(*)
from run r
join word s on s.id = r.state
where s.text in ('SUCCEEDED', 'FAILED', 'TIMED_OUT') and r.finished_at >= r.started_at
group by 1, 2
