-- The terms of leaders that reach into a span of time.
select epoch, worker_id, since
from (select epoch, worker_id, since, lead(since) over (order by epoch) as until from opsdeck_node.term) t
where since < @before::timestamptz and (until is null or until > @from::timestamptz)
order by epoch
