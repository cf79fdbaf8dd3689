-- An event as any program may put it in. The leader makes its runs.
insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
values (@event_type, @payload::jsonb, @dedupe_key, clock_timestamp(), null);
