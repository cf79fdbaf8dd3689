-- Events, as the Django application's API takes them in: the event and a run of every enabled job that waits for it; a
-- key that came before with the same type gives the old event and no run.
set local role {{.Owner}};

create or replace function opsdeck.event_ingest(operation uuid, reason text, note jsonb, epoch bigint, event_type text, payload jsonb, dedupe_key text)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'event.ingest', left(event_type, 128), jsonb_build_array(event_type, payload, dedupe_key));
    dedupe constant text := nullif(dedupe_key, '');
    event bigint;
    job bigint;
    runs bigint[] := '{}';
begin
    if c.answer is not null then return c.answer; end if;
    if coalesce(char_length(event_type), 0) not between 1 and 128 then
        return opsdeck._leave(c, 'refused', 'event.invalid', '{"field": "event_type"}');
    elsif coalesce(jsonb_typeof(payload), '') not in ('object', 'array') or octet_length(payload::text) > 1048576 then
        return opsdeck._leave(c, 'refused', 'event.invalid', '{"field": "payload"}');
    elsif char_length(dedupe) > 256 then
        return opsdeck._leave(c, 'refused', 'event.invalid', '{"field": "dedupe_key"}');
    end if;
    perform from opsdeck.event_turn for update;
    if dedupe is not null then
        select e.id into event from {{.Schema}}.scheduler_events e where e.event_type = event_ingest.event_type and e.dedupe_key = dedupe
        order by e.id limit 1;
        if found then
            return opsdeck._leave(c, 'done', '', jsonb_build_object('event_id', event, 'event_type', event_type, 'run_ids', '[]'::jsonb, 'duplicate', true));
        end if;
    end if;
    insert into {{.Schema}}.scheduler_events as e (event_type, payload_json, dedupe_key, created_at, processed_at)
    values (event_type, payload, dedupe, clock_timestamp(), clock_timestamp())
    returning e.id into event;
    for job in
        select d.id from {{.Schema}}.scheduler_job_definitions d
        where d.enabled and d.type = 'event' and event_type = any(opsdeck._event_types(d.schedule))
        order by d.id
    loop
        runs := runs || (opsdeck._new_run(job, left(case when dedupe is null
            then format('event:%s:job:%s', event, job) else format('event:%s:%s:job:%s', event_type, dedupe, job) end, 256))).id;
    end loop;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('event_id', event, 'event_type', event_type, 'run_ids', to_jsonb(runs), 'duplicate', false));
end
$$;
reset role;
