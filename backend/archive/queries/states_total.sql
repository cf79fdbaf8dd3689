-- How many runs of a span of creation times are in each state, by half hours.
select state, sum(runs) from span_state where start >= @from and start < @before group by state
