-- Looks through the next deduplication keys, and removes those whose event is gone or whose time is over.
with stretch as (
    select event_type, dedupe_key, event_id, seen_at from opsdeck_node.event_key
    where (event_type, dedupe_key) > (@type::text, @key::text)
    order by event_type, dedupe_key
    limit @most
), removed as (
    delete from opsdeck_node.event_key k
    using stretch s
    where k.event_type = s.event_type and k.dedupe_key = s.dedupe_key
      and (not exists (select from scheduler_events e where e.id = s.event_id)
        or @keep::interval > '0' and s.seen_at < clock_timestamp() - @keep::interval)
    returning 1
), last as (
    select event_type, dedupe_key from stretch order by event_type desc, dedupe_key desc limit 1
)
select (select count(*) from stretch), (select count(*) from removed), 0, 0, coalesce(max(event_type), ''), coalesce(max(dedupe_key), '')
from last;
