-- How many runs of each day are in which state.
insert into day_state (day, state, runs, late)
select start - ((start % 86400000000) + 86400000000) % 86400000000 as day, state, sum(runs), sum(late)
from span_state
group by 1, 2
