-- Learns the keys of events that others have processed since this was last done.
insert into opsdeck_node.event_key (event_type, dedupe_key, event_id, seen_at)
select event_type, dedupe_key, min(id), @now from scheduler_events
where dedupe_key <> '' and processed_at >= coalesce(@since::timestamptz,
    (select max(seen_at) - interval '1 minute' from opsdeck_node.event_key), '-infinity')
group by event_type, dedupe_key
on conflict do nothing;
