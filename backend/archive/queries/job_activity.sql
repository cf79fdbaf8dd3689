-- Runs of a range of places, by job, the state that they were in, and how long they took if they ended by themselves: the step of a
-- histogram, or null.
select job_id, {{if .Past}}phase{{else}}state{{end}}, case when ended and took >= 0 then case when took < 1000 then 0 else 1 + cast(ln(took / 1000.0) / ln(1.05) as integer) end end as bucket, count(*)
from (
  select r.job_id, r.state, r.finished_at - r.started_at as took,
    {{if .Past}}case when {{template "run_ended.sql" .}} <= @at then s.text when r.started_at <= @at then 'RUNNING' when r.assigned_at <= @at then 'ASSIGNED' else 'PENDING' end as phase,{{end}}
    s.text in ('SUCCEEDED', 'FAILED', 'TIMED_OUT'){{if .Past}} and r.finished_at <= @at{{end}} as ended
  from run r join word s on s.id = r.state
  where r.n between @low and @high
)
group by 1, 2, 3
