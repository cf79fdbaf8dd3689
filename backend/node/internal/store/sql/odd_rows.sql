-- Runs that no scheduler can make sense of: of an unknown state, found by walking the index from state to state, or in
-- line without a time. A few of each.
with recursive states(state) as (
    (select state from scheduler_job_runs order by state limit 1)
    union all
    select (select r.state from scheduler_job_runs r where r.state > states.state order by r.state limit 1)
    from states where states.state is not null
)
(select r.id, format('its state %s is none: it stays as it is', quote_literal(r.state)) as why
 from states
 cross join lateral (
     select id, state from scheduler_job_runs where state = states.state order by scheduled_for, id limit 10
 ) r
 where states.state <> all(@known::text[]))
union all
(select id, format('it is %s and has no scheduled_for: nobody starts it', state) from scheduler_job_runs
 where state in ('PENDING', 'ASSIGNED', 'ORPHANED') and scheduled_for is null
 limit 10);
