-- Operations that were begun and not finished, the oldest first.
select operation::text as operation, action, target, actor, login, reason, epoch, detail, begun_at,
  extract(epoch from clock_timestamp() - begun_at)::float8 as age
from opsdeck.open_operation
where state = 'open'
order by begun_at
limit 1000
