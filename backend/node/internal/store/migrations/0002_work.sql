-- What the leader keeps about its work: arguments of single runs, retries that are still to come, the keys of events
-- that were taken in, and how far ahead runs have been made.

-- Arguments that one run gets instead of its job's.
create table opsdeck_node.run_args (
    run_id    bigint primary key,
    args_json jsonb  not null
);

-- Runs in somebody's hand whose job allows retries, until the leader has seen their end.
create table opsdeck_node.retry_watch (
    run_id bigint primary key
);

-- The first event of each deduplication key. The scheduler's own table has no such constraint.
create table opsdeck_node.event_key (
    event_type text        not null,
    dedupe_key text        not null,
    event_id   bigint      not null,
    seen_at    timestamptz not null,
    primary key (event_type, dedupe_key)
);
create index event_key_seen_at on opsdeck_node.event_key (seen_at);
insert into opsdeck_node.event_key (event_type, dedupe_key, event_id, seen_at)
select event_type, dedupe_key, min(id), max(processed_at) from scheduler_events
where dedupe_key <> '' and processed_at is not null group by event_type, dedupe_key;

-- The last minute for which runs have been made. Events from before since were nobody's to process: schedulers in the
-- field make the runs of an event themselves, and may leave processed_at empty.
create table opsdeck_node.planned (
    only_row boolean     primary key default true check (only_row),
    until    timestamptz,
    since    timestamptz not null
);
insert into opsdeck_node.planned (since) values (clock_timestamp());
