-- The terms of leaders that reach into a window, oldest first: each lasts until the next one begins. The newest are
-- kept where there are too many.
select epoch, worker_id, since, until
from (
  select epoch, worker_id, since, lead(since) over (order by epoch) as until
  from opsdeck_node.term
) t
where since < @to::timestamptz and (until is null or until > @from::timestamptz)
order by epoch desc
limit @page::int
