-- An event, taken in and done with at once: its runs are made in the same transaction.
insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
values (@event_type, @payload::jsonb, @dedupe_key, clock_timestamp(), clock_timestamp())
returning id;
