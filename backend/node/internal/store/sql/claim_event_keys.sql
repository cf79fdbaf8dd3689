-- Claims deduplication keys for events, and tells for which events that worked.
insert into opsdeck_node.event_key (event_type, dedupe_key, event_id, seen_at)
select event_type, dedupe_key, event_id, @now
from unnest(@ids::bigint[], @types::text[], @keys::text[]) as e(event_id, event_type, dedupe_key)
on conflict do nothing
returning event_id;
