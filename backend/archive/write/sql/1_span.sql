-- Half hours of creation times: which runs they hold, by when all of them had ended, and when they were due.
insert into span (start, first_n, last_n, last_end, first_due, last_due, most_attempts)
select r.created_at - ((r.created_at % 1800000000) + 1800000000) % 1800000000 as start, min(r.n), max(r.n),
  case when count(*) = count(coalesce(r.finished_at, case when s.final then r.updated_at end))
    then max(coalesce(r.finished_at, r.updated_at)) end,
  min(r.scheduled_for), max(r.scheduled_for), max(r.attempt)
from run r
join (select id, text in ('SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED', 'TIMED_OUT') as final from word) s on s.id = r.state
group by 1
