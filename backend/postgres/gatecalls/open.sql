-- Operations that were begun and not finished, the oldest first; for an hour also those that ended without anybody knowing
-- how: more may be known by now.
select operation::text as operation, action, target, actor, login, reason, epoch, detail, begun_at, state = 'unknown' as unknown,
  extract(epoch from clock_timestamp() - begun_at)::float8 as age
from opsdeck.open_operation
where state = 'open' or begun_at > clock_timestamp() - interval '1 hour'
order by begun_at
limit 1000
