-- Half hours that touch a range of creation times: their places, and whether all of their runs had ended by a moment.
select start, first_n, last_n, coalesce(last_end <= @at, 0) as settled
from span where start > @from - 1800000000 and start < @before order by start
