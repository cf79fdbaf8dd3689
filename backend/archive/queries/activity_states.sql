-- How many runs of whole half hours are in each state, and how many are late.
select start, state, runs, late from span_state where start >= @from and start < @before
