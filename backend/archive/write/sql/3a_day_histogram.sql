-- The same, day by day, for long windows.
insert into day_histogram (day, kind, bucket, runs)
select start - ((start % 86400000000) + 86400000000) % 86400000000 as day, kind, bucket, sum(runs)
from span_histogram
group by 1, 2, 3
