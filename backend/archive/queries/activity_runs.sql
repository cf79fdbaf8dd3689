-- The runs of a range of places, as short as counting needs.
select id, state, scheduled_for, assigned_at, started_at, finished_at, created_at, updated_at
from run where n between @low and @high order by n
