-- The smallest id whose event came at a time or later, found by halving, since no index holds the creation times alone. Ids
-- rise with time but for transactions that ran side by side, which is why the caller leaves some room. Null without events.
with recursive span(low, high) as (
  select min(id), max(id) + 1 from {{.Event}}
  union all
  select case when probe.created_at < @at::timestamptz then probe.id + 1 else span.low end,
    case when probe.created_at < @at::timestamptz then span.high else middle.id end
  from span
  cross join lateral (select span.low + (span.high - span.low) / 2 as id) middle
  cross join lateral (select e.id, e.created_at from {{.Event}} e where e.id >= middle.id order by e.id limit 1) probe
  where span.low < span.high
)
select max(low) from span
