-- Job definitions: create, change, enable, copy, delete.
set local role {{.Owner}};

-- What callers write of a job, from its row. It takes JSON and not the row's type, on which nothing of ours shall depend:
-- Django's migrations change that type.
create or replace function opsdeck._job(stored jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select jsonb_object_agg(m.key, m.value) from jsonb_each(stored) m
    where m.key in ('name', 'enabled', 'type', 'command_name', 'default_args_json', 'schedule', 'timeout_seconds', 'max_retries',
        'retry_backoff_seconds', 'concurrency_policy')
$$;

-- The first member of a job that no scheduler could use, or ''.
create or replace function opsdeck._job_problem(job jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case
        when jsonb_typeof(job -> 'name') is distinct from 'string' or char_length(btrim(job ->> 'name')) not between 1 and 200
            or char_length(job ->> 'name') > 200 then 'name'
        when jsonb_typeof(job -> 'enabled') is distinct from 'boolean' then 'enabled'
        when coalesce(job ->> 'type', '') not in ('time', 'event') then 'type'
        when jsonb_typeof(job -> 'command_name') is distinct from 'string' or job ->> 'command_name' !~ '^[^[:space:]]{1,200}$' then 'command_name'
        when coalesce(jsonb_typeof(job -> 'default_args_json'), '') not in ('object', 'array') then 'default_args_json'
        when not opsdeck._whole(job -> 'timeout_seconds', 0, 999999999) then 'timeout_seconds'
        when not opsdeck._whole(job -> 'max_retries', 0, 999999999) then 'max_retries'
        when not opsdeck._whole(job -> 'retry_backoff_seconds', 0, 999999999) then 'retry_backoff_seconds'
        when coalesce(job ->> 'concurrency_policy', '') not in ('forbid', 'allow', 'replace') then 'concurrency_policy'
        else coalesce((select k from jsonb_object_keys(job) k where k not in ('name', 'enabled', 'type', 'command_name', 'default_args_json',
            'schedule', 'timeout_seconds', 'max_retries', 'retry_backoff_seconds', 'concurrency_policy') order by k limit 1), '')
        end
$$;

-- Refuses a job that can't be right; null if it can. A schedule is looked at only when it changes: an old one that never
-- fires must not keep anybody from changing the rest.
create or replace function opsdeck._refuse_job(c opsdeck.call, job jsonb, before jsonb) returns opsdeck.outcome
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    problem text := opsdeck._job_problem(job);
begin
    if problem <> '' then
        return opsdeck._leave(c, 'refused', 'job.invalid', jsonb_build_object('field', left(problem, 100)));
    end if;
    if job -> 'default_args_json' is distinct from before -> 'default_args_json'
        and (job -> 'default_args_json')::text like '%<masked>%' then
        return opsdeck._leave(c, 'refused', 'args.masked', null);
    end if;
    if before is null or job -> 'schedule' <> before -> 'schedule' or job -> 'type' <> before -> 'type' then
        problem := opsdeck._schedule_problem(job ->> 'type', job -> 'schedule');
        if problem <> '' then
            return opsdeck._leave(c, 'refused', 'schedule.invalid', jsonb_build_object('problem', problem));
        end if;
    end if;
    return null;
end
$$;

create or replace function opsdeck._insert_job(job jsonb) returns bigint
language sql set search_path = pg_catalog, pg_temp as $$
    insert into {{.Schema}}.scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
        max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
    values (job ->> 'name', (job ->> 'enabled')::boolean, job ->> 'type', job ->> 'command_name', job -> 'default_args_json', job -> 'schedule',
        (job ->> 'timeout_seconds')::integer, (job ->> 'max_retries')::integer, (job ->> 'retry_backoff_seconds')::integer,
        job ->> 'concurrency_policy', clock_timestamp(), clock_timestamp())
    returning id
$$;

create or replace function opsdeck.job_create(operation uuid, reason text, note jsonb, epoch bigint, job jsonb) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.create', left(job ->> 'name', 200), job);
    made jsonb;
    refusal opsdeck.outcome;
    id bigint;
begin
    if c.answer is not null then return c.answer; end if;
    if jsonb_typeof(job) is distinct from 'object' then
        return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": ""}');
    end if;
    made := '{"enabled": true, "default_args_json": {}, "timeout_seconds": 0, "max_retries": 0, "retry_backoff_seconds": 0,
        "concurrency_policy": "forbid"}'::jsonb || job;
    refusal := opsdeck._refuse_job(c, made, null);
    if refusal is not null then return refusal; end if;
    id := opsdeck._insert_job(made);
    c.target := id::text;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', id, 'job', made));
end
$$;

create or replace function opsdeck.job_update(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, job jsonb)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.update', job_id::text, jsonb_build_array(job_id, seen, job));
    stored {{.Schema}}.scheduler_job_definitions%rowtype;
    before jsonb;
    made jsonb;
    refusal opsdeck.outcome;
begin
    if c.answer is not null then return c.answer; end if;
    if jsonb_typeof(job) is distinct from 'object' then
        return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": ""}');
    end if;
    select d.* into stored from {{.Schema}}.scheduler_job_definitions d where d.id = job_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    before := opsdeck._job(to_jsonb(stored));
    made := before || job;
    made := made || jsonb_build_object('default_args_json', opsdeck._unmasked(made -> 'default_args_json', before -> 'default_args_json'));
    refusal := opsdeck._refuse_job(c, made, before);
    if refusal is not null then return refusal; end if;
    update {{.Schema}}.scheduler_job_definitions d
    set name = made ->> 'name', enabled = (made ->> 'enabled')::boolean, type = made ->> 'type', command_name = made ->> 'command_name',
        default_args_json = made -> 'default_args_json', schedule = made -> 'schedule',
        timeout_seconds = (made ->> 'timeout_seconds')::integer, max_retries = (made ->> 'max_retries')::integer,
        retry_backoff_seconds = (made ->> 'retry_backoff_seconds')::integer, concurrency_policy = made ->> 'concurrency_policy',
        updated_at = clock_timestamp()
    where d.id = job_id;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', job_id, 'changed', coalesce((
        select jsonb_object_agg(m.key, jsonb_build_object(
            'before', opsdeck.masked(before) -> m.key, 'after', opsdeck.masked(made) -> m.key))
        from jsonb_each(made) m where m.value is distinct from before -> m.key), '{}')));
end
$$;

create or replace function opsdeck.job_set_enabled(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, enabled boolean)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, case when enabled then 'job.enable' else 'job.disable' end, job_id::text,
        jsonb_build_array(job_id, seen, enabled));
    stored record;
begin
    if c.answer is not null then return c.answer; end if;
    if enabled is null then
        return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": "enabled"}');
    end if;
    select d.name, d.enabled, d.updated_at into stored from {{.Schema}}.scheduler_job_definitions d where d.id = job_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    update {{.Schema}}.scheduler_job_definitions d set enabled = job_set_enabled.enabled, updated_at = clock_timestamp() where d.id = job_id;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', job_id, 'name', stored.name, 'before', stored.enabled, 'after', enabled));
end
$$;

create or replace function opsdeck.job_duplicate(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, name text)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.duplicate', job_id::text, jsonb_build_array(job_id, seen, name));
    stored {{.Schema}}.scheduler_job_definitions%rowtype;
    made jsonb;
    id bigint;
begin
    if c.answer is not null then return c.answer; end if;
    select d.* into stored from {{.Schema}}.scheduler_job_definitions d where d.id = job_id for share;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    made := opsdeck._job(to_jsonb(stored)) || jsonb_build_object('name', name, 'enabled', false);
    if opsdeck._job_problem(made) = 'name' then
        return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": "name"}');
    end if;
    id := opsdeck._insert_job(made);
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', id, 'from_job_id', job_id, 'name', name));
end
$$;

-- Runs go first: their foreign key has no ON DELETE, Django's own process does the same. Open runs are locked before they
-- are looked at, so that none starts in between.
create or replace function opsdeck.job_delete(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, seen_runs bigint)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.delete', job_id::text, jsonb_build_array(job_id, seen, seen_runs));
    stored record;
    held bigint[];
    runs bigint;
begin
    if c.answer is not null then return c.answer; end if;
    select d.name, d.updated_at into stored from {{.Schema}}.scheduler_job_definitions d where d.id = job_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    perform from {{.Schema}}.scheduler_job_runs r
    where r.job_definition_id = job_id and r.state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED') order by r.id for update;
    select array_agg(r.id order by r.id) into held from {{.Schema}}.scheduler_job_runs r
    where r.job_definition_id = job_id and r.state in ('ASSIGNED', 'RUNNING');
    if held is not null then
        return opsdeck._leave(c, 'refused', 'job.has_open_runs', jsonb_build_object('name', stored.name, 'run_ids', to_jsonb(held[1:20]), 'open_runs', cardinality(held)));
    end if;
    select count(*) into runs from {{.Schema}}.scheduler_job_runs r where r.job_definition_id = job_id;
    if runs is distinct from seen_runs then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('runs', runs, 'updated_at', stored.updated_at));
    end if;
    delete from {{.Schema}}.scheduler_job_runs r where r.job_definition_id = job_id;
    delete from {{.Schema}}.scheduler_job_definitions d where d.id = job_id;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', job_id, 'name', stored.name, 'deleted_job_runs', runs),
        jsonb_build_object('name', stored.name, 'deleted_job_runs', runs));
end
$$;
reset role;
