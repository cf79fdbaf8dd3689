-- How many runs of each half hour are in which state, and how many of them are late, as console.LateAfter has it.
insert into span_state (start, state, runs, late)
select r.created_at - ((r.created_at % 1800000000) + 1800000000) % 1800000000 as start, r.state, count(*),
  count(*) filter (where coalesce(r.started_at, case when s.open then @as_of end) > r.scheduled_for + 60000000)
from run r
join (select id, text in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED') as open from word) s on s.id = r.state
group by 1, 2
