-- Runs that were open at a moment, from the half hours that had any.
select r.id, r.state, r.scheduled_for, r.assigned_at, r.started_at, r.finished_at, r.created_at, r.updated_at, r.worker
from span p cross join run r on r.n between p.first_n and p.last_n
where p.start <= @at and (p.last_end is null or p.last_end > @at) and r.n <= @high
  and not coalesce({{template "run_ended.sql" .}} <= @at, false)
