-- Version 2 of the gate as its first program installed it, for the upgrade's test. Never edited.
begin;
set local search_path = pg_catalog, pg_temp;
set local client_min_messages = warning;
set local statement_timeout = 0;

-- The roles of one database. Roles belong to the whole server, hence the prefix; a comment on each says whose it is, so
-- that no other database's roles are taken for ours.
do $$
declare
    role_name text;
    mark constant text := 'Opsdeck''s gate in database DATABASE';
    found text;
begin
    foreach role_name in array array['fixture_prefix_ops_view', 'fixture_prefix_ops_operator', 'fixture_prefix_ops_admin', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
            execute format('comment on role %I is %L', role_name, mark);
        else
            select shobj_description(oid, 'pg_authid') into found from pg_catalog.pg_roles where rolname = role_name;
            if found is distinct from mark then
                raise exception 'role % belongs to something else (%); choose another prefix', role_name, coalesce(found, 'it has no comment')
                    using errcode = 'duplicate_object';
            end if;
        end if;
    end loop;
end
$$;
grant "fixture_prefix_ops_view" to "fixture_prefix_ops_operator";
grant "fixture_prefix_ops_operator" to "fixture_prefix_ops_admin";

-- Whoever installs acts as the owners until leave.sql takes it back, in the same transaction. Of a superuser this
-- asks nothing, and gives it nothing.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant %I, %I to %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

-- The schema, and that nothing made in it later is anybody's by default.
create schema if not exists opsdeck authorization "fixture_prefix_ops_owner";
comment on schema opsdeck is 'Opsdeck''s gate in database DATABASE';
grant usage on schema opsdeck to "fixture_prefix_ops_view";
grant usage, create on schema opsdeck to "fixture_prefix_ops_audit";
grant usage on schema "public" to "fixture_prefix_ops_view", "fixture_prefix_ops_owner", "fixture_prefix_ops_audit";
set local role "fixture_prefix_ops_owner";
alter default privileges revoke execute on functions from public;
reset role;
set local role "fixture_prefix_ops_audit";
alter default privileges revoke execute on functions from public;
reset role;

-- What the gate keeps: who may do what, and what was done.
set local role "fixture_prefix_ops_owner";

-- What every operation returns, and what it carries from its first step to its last.
create type opsdeck.outcome as (result text, reason text, detail jsonb, audit_id bigint);
create type opsdeck.call as (operation uuid, action text, target text, actor text, reason text, note jsonb, epoch bigint,
    kept boolean, answer opsdeck.outcome);

create table opsdeck.installation (
    only_row        boolean     primary key default true check (only_row),
    version         integer     not null,
    prefix          text        not null,
    app_label       text        not null,
    tables_schema   text        not null,
    scheduler_login text        not null,
    installed_at    timestamptz not null default now(),
    upgraded_at     timestamptz not null default now(),
    installed_by    text        not null default session_user,
    definitions     text        not null default '',    -- digest of what is re-made at an upgrade
    indexes         boolean     not null default false,
    hardened        boolean     not null default false,
    hardening       jsonb       not null default '[]'   -- what --harden changed, so that uninstall can give it back
);

create table opsdeck.action (
    name    text    primary key,
    needs   text    not null check (needs in ('ops_view', 'ops_operator', 'ops_admin')),
    journal boolean not null default false              -- it leaves PostgreSQL: begun and finished
);

-- One login a person and database, and the Django user that it is.
create table opsdeck.operator (
    login      text        primary key,
    username   text        not null,
    created_at timestamptz not null default now(),
    created_by text        not null default session_user
);

-- The Django application's own groups, and which right each gives.
create table opsdeck.group_right (
    group_name text primary key,
    gives      text not null check (gives in ('ops_view', 'ops_operator', 'ops_admin'))
);

-- Every call, by the id that its caller chose.
create table opsdeck.operation (
    id              uuid        primary key,
    login           text        not null default session_user,
    actor           text        not null,
    action          text        not null,
    target          text        not null,
    content         bytea       not null,               -- sha256 over action and arguments
    reason          text        not null,
    note            jsonb,
    epoch           bigint,
    detail          jsonb,
    state           text        not null check (state in ('direct', 'open', 'unknown', 'closed')),
    outcome         opsdeck.outcome,
    begun_at        timestamptz not null default clock_timestamp(),
    finished_at     timestamptz,
    finished_by     text,
    finish_result   text,
    finish_audit_id bigint,
    observed        jsonb
);
create index operation_open on opsdeck.operation (begun_at) where state in ('open', 'unknown');

-- What an open operation wrote in this database, so that a repeated call writes nothing twice.
create table opsdeck.operation_effect (
    operation uuid  not null references opsdeck.operation (id),
    name      text  not null,
    target    text  not null,
    outcome   opsdeck.outcome not null,
    primary key (operation, name, target)
);

-- Its one row is locked by whoever ingests an event, so that two with the same key don't both find none.
create table opsdeck.event_turn (only_row boolean primary key default true check (only_row));
insert into opsdeck.event_turn default values;

reset role;

-- The audit trail's chains and seals. They belong to the audit owner: what the functions' owner may write, it can't
-- rewrite.
set local role "fixture_prefix_ops_audit";

-- One chain a writer: who the server says it is, and who the row says it is. Django's login chooses its actor freely, so
-- it must be able neither to write on an operator's chain nor to hold it up.
create table opsdeck.audit_head (
    login  text   not null,
    actor  text   not null,
    seq    bigint not null,
    digest bytea  not null,
    primary key (login, actor)
) with (fillfactor = 50);

create table opsdeck.audit_chain (
    audit_id bigint  primary key,
    login    text    not null,
    actor    text    not null,
    seq      bigint  not null,
    by_gate  boolean not null,
    digest   bytea   not null,
    unique (login, actor, seq)
);

-- A seal says how far every chain was at one moment. Only chains that went on since the seal before are in it.
create table opsdeck.seals (
    seq       bigint      primary key,
    sealed_at timestamptz not null,
    sealed_by text        not null,
    heads     integer     not null,                     -- chains that went on
    digest    bytea       not null
);

create table opsdeck.seal_head (
    seal     bigint not null references opsdeck.seals (seq),
    login    text   not null,
    actor    text   not null,
    head_seq bigint not null,
    digest   bytea  not null,
    primary key (login, actor, seal)
);
create index seal_head_of on opsdeck.seal_head (seal);

-- Whether the trail is ours now. Rows that were there before are chained after the fact, without holding up anybody;
-- before_id is the last of them.
create table opsdeck.audit_taken (
    only_row  boolean     primary key default true check (only_row),
    taken     boolean     not null default false,
    taken_at  timestamptz,
    before_id bigint      not null default 0,
    chained   boolean     not null default true         -- the rows up to before_id have been
);
insert into opsdeck.audit_taken default values;

reset role;

-- What each action needs. Rows of older versions that are gone from here are gone from there.
set local role "fixture_prefix_ops_owner";
delete from opsdeck.action;
insert into opsdeck.action (name, needs, journal) values
    ('job.create', 'ops_admin', false), ('job.update', 'ops_admin', false), ('job.enable', 'ops_admin', false),
    ('job.disable', 'ops_admin', false), ('job.duplicate', 'ops_admin', false), ('job.delete', 'ops_admin', false),
    ('job.run', 'ops_operator', false), ('job.reveal', 'ops_admin', false),
    ('job_run.rerun', 'ops_operator', false), ('job_run.reassign', 'ops_operator', false),
    ('job_run.reveal', 'ops_admin', false),
    ('job_run.cancel', 'ops_operator', true),           -- direct for waiting runs, a journal for running ones
    ('setting.set', 'ops_admin', false), ('setting.delete', 'ops_admin', false), ('setting.apply', 'ops_admin', false),
    ('event.ingest', 'ops_operator', false), ('event.reveal', 'ops_admin', false), ('audit.reveal', 'ops_admin', false),
    ('session.unlock', 'ops_operator', false),
    ('worker.detach', 'ops_operator', true), ('worker.undock', 'ops_operator', true), ('worker.drain', 'ops_operator', true),
    ('worker.undrain', 'ops_operator', true), ('worker.cancel_current', 'ops_operator', true),
    ('leader.degrade', 'ops_operator', true),
    ('bulk.cancel', 'ops_operator', true), ('bulk.reassign', 'ops_operator', true), ('bulk.rerun', 'ops_operator', true);
reset role;

-- Hiding what must not be read. These run with the reader's rights, inside of views; their search path is fixed all the
-- same, or a reader's own function could be called in the middle of them.
set local role "fixture_prefix_ops_owner";

-- Whether a name says that what it names is secret.
create or replace function opsdeck.secret_name(name text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select name ~* '(secret|token|passw|passphrase|access_?key|api_?key|private_?key|credential|webhook|authorization|cookie|redis_url$|(^|_)(dsn|pwd)$)'
$$;

-- A text without the password of any URL in it.
create or replace function opsdeck.masked_text(value text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case when value like '%://%' then regexp_replace(value, '(://[^/@:[:space:]]*:)[^/@[:space:]]+@', '\1<masked>@', 'g') else value end
$$;

-- The same JSON with "<masked>" wherever a key's name says that its value is secret.
create or replace function opsdeck.masked(value jsonb) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
    if value is null or not (value::text like '%://%' or opsdeck.secret_name(value::text) or value::text ~* '(dsn|pwd|redis_url)') then
        return value;
    end if;
    return case jsonb_typeof(value)
        when 'object' then (
            select jsonb_object_agg(m.key, case
                when opsdeck.secret_name(m.key) and m.value not in ('null', '""', 'true', 'false') then '"<masked>"'
                else opsdeck.masked(m.value) end)
            from jsonb_each(value) m)
        when 'array' then (
            select jsonb_agg(opsdeck.masked(e.value) order by e.position)
            from jsonb_array_elements(value) with ordinality e (value, position))
        when 'string' then to_jsonb(opsdeck.masked_text(value #>> '{}'))
        else value end;
end
$$;

-- What somebody means who was shown old with its secrets masked and gives back new: masked parts that stand where they
-- stood are the old ones.
create or replace function opsdeck._unmasked(new jsonb, old jsonb) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
    shown constant jsonb := opsdeck.masked(old);
begin
    if old is null or new is null or new::text not like '%<masked>%' then
        return new;
    end if;
    if new = shown then
        return old;
    end if;
    if jsonb_typeof(new) = 'object' and jsonb_typeof(old) = 'object' then
        return (select jsonb_object_agg(m.key, case
            when m.value = shown -> m.key then old -> m.key
            else opsdeck._unmasked(m.value, old -> m.key) end) from jsonb_each(new) m);
    end if;
    if jsonb_typeof(new) = 'array' and jsonb_typeof(old) = 'array' then
        return (select jsonb_agg(opsdeck._unmasked(e.value, old -> (e.position::int - 1)) order by e.position)
            from jsonb_array_elements(new) with ordinality e (value, position));
    end if;
    return new;
end
$$;

-- Whether a setting is secret: by its name, or because its help says so.
create or replace function opsdeck._secret_setting(key text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select opsdeck.secret_name(key)
        or exists (select from "public".scheduler_setting_help h where h.key = $1 and h.is_secret)
$$;

-- A setting's value: processes read {"value": x} and x alike.
create or replace function opsdeck.setting_value(stored jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case when jsonb_typeof(stored) = 'object' and stored ? 'value' and stored - 'value' = '{}' then stored -> 'value' else stored end
$$;
reset role;

-- Who is calling, and what they may do: what their login is a member of AND what Django gives the user that it is mapped
-- to. session_user can't be changed by SET ROLE, nor by being inside of a function. A superuser flag in Django gives
-- nothing: the permission itself is asked for.
set local role "fixture_prefix_ops_owner";

create or replace function opsdeck._rank(needs text) returns integer
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case needs when 'ops_view' then 1 when 'ops_operator' then 2 when 'ops_admin' then 3 end
$$;

create or replace function opsdeck._rights(out username text, out mapped boolean, out active boolean, out level integer)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    person integer;
    by_login constant integer := case
        when pg_has_role(session_user, 'fixture_prefix_ops_admin', 'usage') then 3
        when pg_has_role(session_user, 'fixture_prefix_ops_operator', 'usage') then 2
        when pg_has_role(session_user, 'fixture_prefix_ops_view', 'usage') then 1
        else 0 end;
begin
    select u.username, u.id, u.is_active into username, person, active
    from opsdeck.operator o join "public".auth_user u on u.username = o.username
    where o.login = session_user;
    mapped := person is not null;
    active := coalesce(active, false);
    level := 0;
    if active then
        select coalesce(least(by_login, max(opsdeck._rank(g.gives))), 0) into level
        from (
            select p.codename::text as gives
            from "public".auth_permission p
            join "public".django_content_type c on c.id = p.content_type_id
            where c.app_label = 'opsdeck' and p.codename in ('ops_view', 'ops_operator', 'ops_admin')
              and (exists (select from "public".auth_user_user_permissions up where up.user_id = person and up.permission_id = p.id)
                or exists (select from "public".auth_user_groups ug
                    join "public".auth_group_permissions gp on gp.group_id = ug.group_id
                    where ug.user_id = person and gp.permission_id = p.id))
            union all
            select r.gives
            from "public".auth_user_groups ug
            join "public".auth_group g on g.id = ug.group_id
            join opsdeck.group_right r on r.group_name = g.name
            where ug.user_id = person
        ) g;
    end if;
    username := coalesce(username, '');
end
$$;

-- What the header of the console shows.
create or replace function opsdeck.whoami(out login text, out username text, out mapped boolean, out active boolean,
    out ops_view boolean, out ops_operator boolean, out ops_admin boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select session_user::text, r.username, r.mapped, r.active, r.level >= 1, r.level >= 2, r.level >= 3 from opsdeck._rights() r
$$;
reset role;

-- What every operation does first and last.
set local role "fixture_prefix_ops_owner";

-- Writes an audit row. What the trail keeps is masked here, once for all.
create or replace function opsdeck._audit(actor text, action text, target text, payload jsonb) returns bigint
language sql set search_path = pg_catalog, pg_temp as $$
    insert into "public".scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
    values (left(actor, 150), left(action, 128), left(target, 256), opsdeck.masked(payload), clock_timestamp())
    returning id
$$;

-- Checks who calls and notes the call. With an answer in what it returns nothing is left to do but to return that answer:
-- a refusal, or the outcome that the same call has had before.
create or replace function opsdeck._enter(operation uuid, reason text, note jsonb, epoch bigint, action text, target text,
    args jsonb, journal boolean default false) returns opsdeck.call
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call;
    who record;
    known opsdeck.operation%rowtype;
    refusal text;
    content constant bytea := sha256(convert_to(jsonb_build_array(action, target, args, reason, epoch)::text, 'UTF8'));
begin
    select * into who from opsdeck._rights();
    c.operation := operation;
    if exists (select from opsdeck.action a where a.name = action and a.journal >= journal) then
        c.action := action;
        c.target := left(coalesce(target, ''), 256);
    else
        c.action := 'operation.begin';
        c.target := left(coalesce(action, ''), 256);
    end if;
    c.actor := who.username;
    c.reason := left(coalesce(reason, ''), 500);
    c.epoch := epoch;
    c.kept := false;
    if jsonb_typeof(note) = 'object' and octet_length(note::text) <= 4096 then
        c.note := opsdeck.masked(note);
    end if;
    refusal := case
        when not who.mapped then 'operator.unmapped'
        when not who.active then 'operator.inactive'
        when c.action is distinct from action then 'action.unknown'
        when who.level < (select opsdeck._rank(a.needs) from opsdeck.action a where a.name = action) then 'right.missing'
        when operation is null then 'operation.missing'
        when btrim(c.reason) = '' then 'reason.missing'
        when char_length(reason) > 500 then 'reason.long'
        when note is not null and c.note is null then 'note.invalid'
    end;
    if operation is not null then
        insert into opsdeck.operation as o (id, actor, action, target, content, reason, note, epoch, state)
        values (operation, c.actor, c.action, c.target, content, c.reason, c.note, epoch, 'direct')
        on conflict do nothing;
        c.kept := found;
        if not c.kept then
            select * into known from opsdeck.operation o where o.id = operation;
            if known.login <> session_user or known.content <> content then
                refusal := 'operation.reused';
            elsif known.state = 'direct' then
                c.answer := known.outcome;
                return c;
            elsif known.state = 'open' and refusal is null then
                c.answer := known.outcome;
                return c;
            elsif refusal is null then
                c.answer := row('refused', 'operation.finished', jsonb_build_object('result', known.finish_result), known.finish_audit_id);
                return c;
            end if;
        end if;
    end if;
    if refusal is not null then
        c.answer := opsdeck._leave(c, 'refused', refusal, null);
    end if;
    return c;
end
$$;

-- Writes down how a call ended, and gives what it returns. extra goes beside our own keys in the audit's payload: it is
-- what the Django application writes for the same action.
create or replace function opsdeck._leave(c opsdeck.call, result text, why text, detail jsonb, extra jsonb default '{}')
returns opsdeck.outcome
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    answer opsdeck.outcome;
begin
    answer.result := result;
    answer.reason := why;
    answer.detail := opsdeck.masked(coalesce(detail, '{}'));
    answer.audit_id := opsdeck._audit(c.actor,
        c.action || case result when 'done' then '' when 'open' then '.requested' else '.' || result end, c.target,
        extra || jsonb_strip_nulls(jsonb_build_object('operation', c.operation, 'reason', c.reason, 'result', result,
            'why', nullif(why, ''), 'login', session_user, 'epoch', c.epoch, 'note', c.note))
            || jsonb_build_object('detail', answer.detail));
    if c.kept then
        update opsdeck.operation o
        set outcome = answer, target = c.target, detail = answer.detail, state = case result when 'open' then 'open' else 'direct' end
        where o.id = c.operation;
    end if;
    return answer;
end
$$;
reset role;

-- Which schedules ever fire. The same rules as backend/scheduler/schedule_parse.go, which a test holds side by side.
set local role "fixture_prefix_ops_owner";

create or replace function opsdeck._whole(value jsonb, low integer, high integer) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_typeof(value) = 'number' and value #>> '{}' ~ '^[0-9]{1,9}$' and (value #>> '{}')::integer between low and high, false)
$$;

create or replace function opsdeck._clock(value jsonb) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select coalesce(jsonb_typeof(value) = 'string' and value #>> '{}' ~ '^([01]?[0-9]|2[0-3]):[0-5][0-9]$', false)
$$;

create or replace function opsdeck._event_types(schedule jsonb) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select array(
        select schedule ->> 'event_type' where jsonb_typeof(schedule -> 'event_type') = 'string'
        union
        select e.value #>> '{}' from jsonb_array_elements(
            case when jsonb_typeof(schedule -> 'event_types') = 'array' then schedule -> 'event_types' else '[]' end) e
        where jsonb_typeof(e.value) = 'string')
$$;

-- '' or the key of what is wrong, as the console's translations have it.
create or replace function opsdeck._schedule_problem(job_type text, schedule jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    problem text;
begin
    if schedule is null or jsonb_typeof(schedule) <> 'object' then
        return 'schedule.not_an_object';
    end if;
    if job_type = 'event' then
        return case
            when schedule ? 'event_type' and jsonb_typeof(schedule -> 'event_type') <> 'string'
              or schedule ? 'event_types' and jsonb_typeof(schedule -> 'event_types') <> 'array'
              or schedule @? '$.event_types[*] ? (@.type() != "string")'
              or '' = any(opsdeck._event_types(schedule)) then 'schedule.bad_event_type'
            when opsdeck._event_types(schedule) = '{}' then 'schedule.no_event_type'
            else '' end;
    end if;
    problem := case
        when job_type <> 'time' then 'schedule.unknown_job_type'
        when schedule ? 'kind' then case coalesce(schedule ->> 'kind', '')
            when 'every_n_minutes' then case when not opsdeck._whole(schedule -> 'n', 1, 999999999) then 'schedule.bad_interval' end
            when 'hourly' then case when not opsdeck._whole(schedule -> 'minute', 0, 59) then 'schedule.bad_minute' end
            when 'daily' then case when not opsdeck._clock(schedule -> 'time') then 'schedule.bad_time' end
            when 'weekdays' then case when not opsdeck._clock(schedule -> 'time') then 'schedule.bad_time' end
            when 'weekly' then case
                when not opsdeck._whole(schedule -> 'weekday', 0, 6) then 'schedule.bad_weekday'
                when not opsdeck._clock(schedule -> 'time') then 'schedule.bad_time' end
            else 'schedule.unknown_kind' end
        when schedule ? 'every_n_minutes' then case when not opsdeck._whole(schedule -> 'every_n_minutes', 1, 999999999) then 'schedule.bad_interval' end
        when schedule ? 'hourly_at_minute' then case when not opsdeck._whole(schedule -> 'hourly_at_minute', 0, 59) then 'schedule.bad_minute' end
        when schedule ? 'daily_at' then case when not opsdeck._clock(schedule -> 'daily_at') then 'schedule.bad_time' end
        else 'schedule.unknown_kind' end;
    if problem is null and schedule ? 'timezone' and not exists (
        select from pg_timezone_names z where z.name = schedule ->> 'timezone' and z.name not in ('localtime', 'posixrules')) then
        problem := 'schedule.unknown_timezone';
    end if;
    return coalesce(problem, '');
end
$$;
reset role;

-- Job definitions: create, change, enable, copy, delete.
set local role "fixture_prefix_ops_owner";

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
    insert into "public".scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
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
    stored "public".scheduler_job_definitions%rowtype;
    before jsonb;
    made jsonb;
    refusal opsdeck.outcome;
begin
    if c.answer is not null then return c.answer; end if;
    if jsonb_typeof(job) is distinct from 'object' then
        return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": ""}');
    end if;
    select d.* into stored from "public".scheduler_job_definitions d where d.id = job_id for update;
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
    update "public".scheduler_job_definitions d
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
    select d.name, d.enabled, d.updated_at into stored from "public".scheduler_job_definitions d where d.id = job_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    update "public".scheduler_job_definitions d set enabled = coalesce(enabled, false), updated_at = clock_timestamp() where d.id = job_id;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', job_id, 'name', stored.name, 'before', stored.enabled, 'after', coalesce(enabled, false)));
end
$$;

create or replace function opsdeck.job_duplicate(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, name text)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.duplicate', job_id::text, jsonb_build_array(job_id, seen, name));
    stored "public".scheduler_job_definitions%rowtype;
    made jsonb;
    id bigint;
begin
    if c.answer is not null then return c.answer; end if;
    select d.* into stored from "public".scheduler_job_definitions d where d.id = job_id for share;
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
    select d.name, d.updated_at into stored from "public".scheduler_job_definitions d where d.id = job_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    perform from "public".scheduler_job_runs r
    where r.job_definition_id = job_id and r.state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED') order by r.id for update;
    select array_agg(r.id order by r.id) into held from "public".scheduler_job_runs r
    where r.job_definition_id = job_id and r.state in ('ASSIGNED', 'RUNNING');
    if held is not null then
        return opsdeck._leave(c, 'refused', 'job.has_open_runs', jsonb_build_object('name', stored.name, 'run_ids', to_jsonb(held[1:20]), 'open_runs', cardinality(held)));
    end if;
    select count(*) into runs from "public".scheduler_job_runs r where r.job_definition_id = job_id;
    if runs is distinct from seen_runs then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('runs', runs, 'updated_at', stored.updated_at));
    end if;
    delete from "public".scheduler_job_runs r where r.job_definition_id = job_id;
    delete from "public".scheduler_job_definitions d where d.id = job_id;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('job_id', job_id, 'name', stored.name, 'deleted_job_runs', runs),
        jsonb_build_object('name', stored.name, 'deleted_job_runs', runs));
end
$$;
reset role;

-- Runs: start, again, cancel, send back. A run is changed under its state and version; no row is forced.
set local role "fixture_prefix_ops_owner";

-- A new run, due now. Microseconds keep it off the minute slots; should two meet, the later gives way.
create or replace function opsdeck._new_run(job_id bigint, idempotency_key text, out id bigint, out scheduled_for timestamptz)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
begin
    scheduled_for := clock_timestamp();
    loop
        insert into "public".scheduler_job_runs as r (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt,
            version, error_summary, log_ref, continuation_state, created_at, updated_at)
        values (job_id, scheduled_for, 'PENDING', idempotency_key, '', 0, 0, '', '', 'NONE', clock_timestamp(), clock_timestamp())
        on conflict do nothing
        returning r.id into id;
        exit when id is not null;
        scheduled_for := scheduled_for + interval '1 microsecond';
    end loop;
end
$$;

-- Nodes of ours take a run's own arguments from here. false: nothing in this database would ever read them.
create or replace function opsdeck._set_run_args(run_id bigint, args jsonb) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    place oid := to_regclass('opsdeck_node.run_args');
begin
    if place is null or not has_table_privilege(place, 'insert') then
        return false;
    end if;
    execute 'insert into opsdeck_node.run_args (run_id, args_json) values ($1, $2)' using run_id, args;
    return true;
end
$$;

create or replace function opsdeck._run_args(run_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    place oid := to_regclass('opsdeck_node.run_args');
    args jsonb;
begin
    if place is not null and has_table_privilege(place, 'select') then
        execute 'select a.args_json from opsdeck_node.run_args a where a.run_id = $1' into args using run_id;
    end if;
    return args;
end
$$;

-- What a node of ours wrote when the attempt began gets its end; without such a node there is nothing to end.
create or replace function opsdeck._end_attempt(run_id bigint, attempt integer, outcome text, note text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    place oid := to_regclass('opsdeck_node.run_attempt');
begin
    if place is not null and has_any_column_privilege(place, 'update') then
        execute 'update opsdeck_node.run_attempt a set ended_at = clock_timestamp(), outcome = $3, note = $4
            where a.run_id = $1 and a.attempt = $2 and a.ended_at is null' using run_id, attempt, outcome, note;
    end if;
end
$$;

-- Adds a line to a run's notes as schedulers do, and says whose it is.
create or replace function opsdeck._noted(summary text, what text, c opsdeck.call) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select concat_ws(E'\n', nullif(summary, ''), what || ' by ' || (c).actor || ': ' || (c).reason)
$$;

create or replace function opsdeck._cancel_row(c opsdeck.call, run_id bigint, what text) returns void
language sql set search_path = pg_catalog, pg_temp as $$
    update "public".scheduler_job_runs r
    set state = 'CANCELED', finished_at = clock_timestamp(), continuation_state = 'NONE', continuation_check_started_at = null,
        continuation_check_deadline_at = null, error_summary = opsdeck._noted(r.error_summary, what, c),
        version = r.version + 1, updated_at = clock_timestamp()
    where r.id = run_id
$$;

-- Puts a run back in line: as a leader does with a lost one, so that every scheduler knows what to do with it.
create or replace function opsdeck._requeue_row(c opsdeck.call, run_id bigint, what text) returns void
language sql set search_path = pg_catalog, pg_temp as $$
    update "public".scheduler_job_runs r
    set state = 'ORPHANED', assigned_worker_id = '', assigned_at = null, started_at = null, finished_at = null, exit_code = null,
        continuation_state = 'NONE', continuation_check_started_at = null, continuation_check_deadline_at = null,
        attempt = r.attempt + case r.state when 'ORPHANED' then 0 else 1 end,
        error_summary = opsdeck._noted(r.error_summary, what, c), version = r.version + 1, updated_at = clock_timestamp()
    where r.id = run_id
$$;

-- What a run looks like now, for an operator whose screen showed something else.
create or replace function opsdeck._run_now(r jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('run_id', r -> 'id', 'state', r -> 'state', 'version', r -> 'version', 'worker', r -> 'assigned_worker_id')
$$;

create or replace function opsdeck.job_run_now(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint, seen timestamptz, args jsonb)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.run', job_id::text, jsonb_build_array(job_id, seen, args));
    stored record;
    made record;
    own jsonb;
begin
    if c.answer is not null then return c.answer; end if;
    select d.name, d.updated_at, d.default_args_json into stored from "public".scheduler_job_definitions d where d.id = job_id for share;
    if not found then
        return opsdeck._leave(c, 'stale', 'job.missing', null);
    end if;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'job.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    own := opsdeck._unmasked(args, stored.default_args_json);
    if own is not null then
        if jsonb_typeof(own) not in ('object', 'array') then
            return opsdeck._leave(c, 'refused', 'job.invalid', '{"field": "args"}');
        elsif own <> stored.default_args_json and own::text like '%<masked>%' then
            return opsdeck._leave(c, 'refused', 'args.masked', null);
        elsif to_regclass('opsdeck_node.run_args') is null then
            return opsdeck._leave(c, 'refused', 'args.unsupported', null);
        end if;
    end if;
    made := opsdeck._new_run(job_id, '');
    if own is not null and not opsdeck._set_run_args(made.id, own) then
        raise exception 'the functions'' owner may not write opsdeck_node.run_args' using errcode = 'insufficient_privilege',
            hint = 'Run opsctl install again: the table was made after it.';
    end if;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('run_id', made.id, 'job_id', job_id, 'name', stored.name,
        'scheduled_for', made.scheduled_for, 'own_args', own is not null));
end
$$;

create or replace function opsdeck.run_rerun(operation uuid, reason text, note jsonb, epoch bigint, run_id bigint, seen_version integer)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job_run.rerun', run_id::text, jsonb_build_array(run_id, seen_version));
    run "public".scheduler_job_runs%rowtype;
    made record;
    args jsonb;
    told jsonb;
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from "public".scheduler_job_runs r where r.id = run_id for share;
    if not found then
        return opsdeck._leave(c, 'stale', 'run.missing', null);
    elsif run.version is distinct from seen_version then
        return opsdeck._leave(c, 'stale', 'run.changed', opsdeck._run_now(to_jsonb(run)));
    elsif run.state not in ('SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED', 'TIMED_OUT') then
        return opsdeck._leave(c, 'refused', 'run.state', opsdeck._run_now(to_jsonb(run)));
    end if;
    made := opsdeck._new_run(run.job_definition_id, '');
    args := opsdeck._run_args(run_id);
    if args is not null then
        perform opsdeck._set_run_args(made.id, args);
    end if;
    select jsonb_build_object('from_run_id', run_id, 'new_run_id', made.id, 'job_definition_id', d.id, 'job_definition_name', d.name,
        'from_state', run.state, 'from_scheduled_for', run.scheduled_for, 'new_scheduled_for', made.scheduled_for) into told
    from "public".scheduler_job_definitions d where d.id = run.job_definition_id;
    return opsdeck._leave(c, 'done', '', told || jsonb_build_object('run_id', made.id), told);
end
$$;

create or replace function opsdeck.run_cancel_waiting(operation uuid, reason text, note jsonb, epoch bigint, run_id bigint, seen_version integer)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job_run.cancel', run_id::text, jsonb_build_array('waiting', run_id, seen_version));
    run "public".scheduler_job_runs%rowtype;
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from "public".scheduler_job_runs r where r.id = run_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'run.missing', null);
    elsif run.version is distinct from seen_version then
        return opsdeck._leave(c, 'stale', 'run.changed', opsdeck._run_now(to_jsonb(run)));
    elsif run.state not in ('PENDING', 'ASSIGNED', 'ORPHANED') then
        return opsdeck._leave(c, 'refused', 'run.state', opsdeck._run_now(to_jsonb(run)));
    end if;
    perform opsdeck._cancel_row(c, run_id, 'canceled');
    return opsdeck._leave(c, 'done', '', jsonb_build_object('run_id', run_id, 'from_state', run.state, 'worker', run.assigned_worker_id));
end
$$;

-- A run past the skip limit would be skipped by its leader instead of started: then a new run does its work.
create or replace function opsdeck.run_reassign(operation uuid, reason text, note jsonb, epoch bigint, run_id bigint, seen_version integer,
    worker_gone boolean, skip_after_seconds integer) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job_run.reassign', run_id::text,
        jsonb_build_array(run_id, seen_version, worker_gone, skip_after_seconds));
    run "public".scheduler_job_runs%rowtype;
    made record;
    args jsonb;
    told jsonb;
    skip_after integer := coalesce(skip_after_seconds, (
        select (opsdeck.setting_value(s.value_json) #>> '{}')::integer from "public".scheduler_settings s
        where s.key = 'SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS' and opsdeck.setting_value(s.value_json) #>> '{}' ~ '^[0-9]{1,9}$'), 300);
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from "public".scheduler_job_runs r where r.id = run_id for update;
    if not found then
        return opsdeck._leave(c, 'stale', 'run.missing', null);
    elsif run.version is distinct from seen_version then
        return opsdeck._leave(c, 'stale', 'run.changed', opsdeck._run_now(to_jsonb(run)));
    elsif not (run.state in ('ASSIGNED', 'ORPHANED') or run.state = 'RUNNING' and coalesce(worker_gone, false)) then
        return opsdeck._leave(c, 'refused', 'run.state', opsdeck._run_now(to_jsonb(run)));
    end if;
    told := jsonb_build_object('from_run_id', run_id, 'from_state', run.state, 'worker', run.assigned_worker_id,
        'worker_gone', coalesce(worker_gone, false), 'skip_after_seconds', skip_after);
    if skip_after > 0 and (run.scheduled_for is null or run.scheduled_for < clock_timestamp() - make_interval(secs => skip_after)) then
        made := opsdeck._new_run(run.job_definition_id, '');
        args := opsdeck._run_args(run_id);
        if args is not null then
            perform opsdeck._set_run_args(made.id, args);
        end if;
        perform opsdeck._cancel_row(c, run_id, 'replaced by run ' || made.id);
        perform opsdeck._end_attempt(run_id, run.attempt, 'CANCELED', 'replaced by an operator');
        told := told || jsonb_build_object('way', 'new_run', 'run_id', made.id);
    else
        perform opsdeck._requeue_row(c, run_id, 'reassigned');
        perform opsdeck._end_attempt(run_id, run.attempt, 'ORPHANED', 'reassigned by an operator');
        told := told || jsonb_build_object('way', 'requeued', 'run_id', run_id);
    end if;
    return opsdeck._leave(c, 'done', '', told);
end
$$;
reset role;

-- Settings: set, reset, apply. A value is typed and bounded by its row of help.
set local role "fixture_prefix_ops_owner";

-- The value as processes will read it; problem is '' or why it can't be.
create or replace function opsdeck._typed_setting(setting text, given jsonb, out value jsonb, out problem text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    help record;
    bounded boolean;
begin
    value := given;
    problem := '';
    if setting is null or setting !~ '^SCHEDULER_[A-Z0-9_]{1,118}$' or setting = 'SCHEDULER_NODE_ID' then
        problem := 'key';
    elsif coalesce(jsonb_typeof(given), 'null') not in ('string', 'number', 'boolean') then
        problem := 'type';
    elsif octet_length(given::text) > 8192 then
        problem := 'long';
    end if;
    select h.input_type, h.enum_values_json, h.constraints_json into help from "public".scheduler_setting_help h where h.key = setting;
    if problem <> '' or not found then
        return;
    end if;
    if help.input_type = 'bool' then
        value := case lower(given #>> '{}') when 'true' then 'true' when '1' then 'true' when 'false' then 'false' when '0' then 'false' end;
        if value is null then
            problem := 'bool';
        end if;
    elsif help.input_type = 'enum' and not coalesce(help.enum_values_json @> jsonb_build_array(given), false) then
        problem := 'enum';
    end if;
    bounded := jsonb_typeof(help.constraints_json) = 'object' and (help.constraints_json ? 'min' or help.constraints_json ? 'max');
    if problem = '' and bounded then
        if given #>> '{}' !~ '^-?[0-9]{1,15}$' then
            problem := 'integer';
        else
            value := to_jsonb((given #>> '{}')::bigint);
            problem := case
                when (value #>> '{}')::bigint < (help.constraints_json ->> 'min')::numeric then 'min'
                when (value #>> '{}')::bigint > (help.constraints_json ->> 'max')::numeric then 'max'
                else '' end;
        end if;
    end if;
end
$$;

create or replace function opsdeck.setting_set(operation uuid, reason text, note jsonb, epoch bigint, key text, value jsonb, seen timestamptz)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'setting.set', left(key, 128), jsonb_build_array(key, value, seen));
    secret constant boolean := opsdeck._secret_setting(key);
    stored record;
    typed record;
begin
    if c.answer is not null then return c.answer; end if;
    if value::text like '%<masked>%' then
        return opsdeck._leave(c, 'refused', 'setting.masked', null);
    elsif exists (select from "public".scheduler_setting_help h where h.key = setting_set.key and not h.editable) then
        return opsdeck._leave(c, 'refused', 'setting.readonly', null);
    end if;
    typed := opsdeck._typed_setting(key, value);
    if typed.problem <> '' then
        return opsdeck._leave(c, 'refused', 'setting.invalid', jsonb_build_object('problem', typed.problem));
    end if;
    select s.value_json, s.updated_at into stored from "public".scheduler_settings s where s.key = setting_set.key for update;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'setting.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    if seen is not null then
        update "public".scheduler_settings s set value_json = jsonb_build_object('value', typed.value), updated_at = clock_timestamp()
        where s.key = setting_set.key;
    else
        insert into "public".scheduler_settings (key, value_json, updated_at)
        values (key, jsonb_build_object('value', typed.value), clock_timestamp())
        on conflict do nothing;
        if not found then                               -- somebody else was first, a moment ago
            return opsdeck._leave(c, 'stale', 'setting.changed', null);
        end if;
    end if;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('key', key,
            'before', case when secret and stored.value_json is not null then '"<redacted>"' else opsdeck.setting_value(stored.value_json) end,
            'after', case when secret then '"<redacted>"' else typed.value end, 'effect', opsdeck._setting_effect(key)),
        jsonb_build_object('value', case when secret then '"<redacted>"' else typed.value end));
end
$$;

-- When a new value counts: processes read some settings only when they start.
create or replace function opsdeck._setting_effect(key text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case when key in ('SCHEDULER_REDIS_URL', 'SCHEDULER_GRPC_HOST', 'SCHEDULER_GRPC_PORT_RANGE_START', 'SCHEDULER_GRPC_PORT_RANGE_END',
        'SCHEDULER_TLS_CERT_FILE', 'SCHEDULER_TLS_KEY_FILE') then 'restart' else 'apply' end
$$;

create or replace function opsdeck.setting_reset(operation uuid, reason text, note jsonb, epoch bigint, key text, seen timestamptz)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'setting.delete', left(key, 128), jsonb_build_array(key, seen));
    stored record;
begin
    if c.answer is not null then return c.answer; end if;
    if exists (select from "public".scheduler_setting_help h where h.key = setting_reset.key and not h.editable) then
        return opsdeck._leave(c, 'refused', 'setting.readonly', null);
    end if;
    select s.value_json, s.updated_at into stored from "public".scheduler_settings s where s.key = setting_reset.key for update;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'setting.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    delete from "public".scheduler_settings s where s.key = setting_reset.key;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('key', key, 'effect', opsdeck._setting_effect(key),
        'before', case when opsdeck._secret_setting(key) then '"<redacted>"' else opsdeck.setting_value(stored.value_json) end));
end
$$;

create or replace function opsdeck.settings_apply(operation uuid, reason text, note jsonb, epoch bigint) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'setting.apply', '', '[]');
    id bigint;
begin
    if c.answer is not null then return c.answer; end if;
    insert into "public".scheduler_config_reload_requests as q (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
    values (c.actor, clock_timestamp(), 'PENDING', null, '', null, '{}')
    returning q.id into id;
    c.target := id::text;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('request_id', id));
end
$$;
reset role;

-- Events, as the Django application's API takes them in: the event and a run of every enabled job that waits for it; a
-- key that came before gives the old event and no run.
set local role "fixture_prefix_ops_owner";

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
        select e.id into event from "public".scheduler_events e where e.dedupe_key = dedupe order by e.id limit 1;
        if found then
            return opsdeck._leave(c, 'done', '', jsonb_build_object('event_id', event, 'event_type', event_type, 'run_ids', '[]'::jsonb, 'duplicate', true));
        end if;
    end if;
    insert into "public".scheduler_events as e (event_type, payload_json, dedupe_key, created_at, processed_at)
    values (event_type, payload, dedupe, clock_timestamp(), clock_timestamp())
    returning e.id into event;
    for job in
        select d.id from "public".scheduler_job_definitions d
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

-- Operations that leave PostgreSQL are written down before they act: no audit, no action. What became of them is written
-- when somebody has looked.
set local role "fixture_prefix_ops_owner";

create or replace function opsdeck.operation_begin(operation uuid, reason text, note jsonb, epoch bigint, action text, target text, detail jsonb)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, action, target, jsonb_build_array(detail), true);
begin
    if c.answer is not null then return c.answer; end if;
    if octet_length(detail::text) > 65536 then
        return opsdeck._leave(c, 'refused', 'detail.large', null);
    end if;
    return opsdeck._leave(c, 'open', '', detail);
end
$$;

-- The open operation of this login that may write now, or why there is none.
create or replace function opsdeck._inside(operation uuid, actions text[], out c opsdeck.call, out refusal text)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    o opsdeck.operation%rowtype;
    who record;
begin
    select * into who from opsdeck._rights();
    select * into o from opsdeck.operation k where k.id = operation for update;
    c := row(operation, coalesce(o.action, 'operation'), coalesce(o.target, ''), who.username, coalesce(o.reason, ''), null, o.epoch, false, null);
    refusal := case
        when o.id is null or o.login <> session_user then 'operation.missing'
        when o.state <> 'open' then 'operation.finished'
        when o.action <> all(actions) then 'operation.reused'
        when not who.mapped then 'operator.unmapped'
        when not who.active then 'operator.inactive'
        when who.level < (select opsdeck._rank(a.needs) from opsdeck.action a where a.name = o.action) then 'right.missing'
    end;
end
$$;

-- Writes down what an open operation wrote here, so that the same call writes nothing again.
create or replace function opsdeck._written(c opsdeck.call, name text, effect_on text, detail jsonb) returns opsdeck.outcome
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    answer opsdeck.outcome;
begin
    c.action := c.action || '.written';
    answer := opsdeck._leave(c, 'done', '', detail);
    insert into opsdeck.operation_effect values (c.operation, name, effect_on, answer);
    return answer;
end
$$;

-- Writes CANCELED to a running run that no worker holds any more.
create or replace function opsdeck.run_cancel_lost(operation uuid, run_id bigint, seen_version integer) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    inside record;
    done opsdeck.outcome;
    run "public".scheduler_job_runs%rowtype;
begin
    select * into inside from opsdeck._inside(operation, array['job_run.cancel', 'worker.cancel_current', 'bulk.cancel']);
    if inside.refusal is not null then
        return opsdeck._leave(inside.c, 'refused', inside.refusal, jsonb_build_object('run_id', run_id));
    end if;
    select (e.outcome).* into done from opsdeck.operation_effect e where e.operation = run_cancel_lost.operation and e.name = 'run_cancel_lost' and e.target = run_id::text;
    if found then return done; end if;
    select r.* into run from "public".scheduler_job_runs r where r.id = run_id for update;
    if not found then
        return opsdeck._leave(inside.c, 'stale', 'run.missing', jsonb_build_object('run_id', run_id));
    elsif run.version is distinct from seen_version then
        return opsdeck._leave(inside.c, 'stale', 'run.changed', opsdeck._run_now(to_jsonb(run)));
    elsif run.state <> 'RUNNING' then
        return opsdeck._leave(inside.c, 'refused', 'run.state', opsdeck._run_now(to_jsonb(run)));
    end if;
    perform opsdeck._cancel_row(inside.c, run_id, 'canceled (no worker held it)');
    perform opsdeck._end_attempt(run_id, run.attempt, 'CANCELED', 'no worker held it');
    return opsdeck._written(inside.c, 'run_cancel_lost', run_id::text, jsonb_build_object('run_id', run_id, 'worker', run.assigned_worker_id));
end
$$;

-- Sends the runs back that a detached or draining worker was given and has not started.
create or replace function opsdeck.run_release(operation uuid, worker_id text) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    inside record;
    done opsdeck.outcome;
    run bigint;
    runs bigint[] := '{}';
begin
    select * into inside from opsdeck._inside(operation, array['worker.detach', 'worker.drain']);
    if inside.refusal is not null then
        return opsdeck._leave(inside.c, 'refused', inside.refusal, jsonb_build_object('worker', left(worker_id, 128)));
    elsif (inside.c).target is distinct from worker_id or worker_id = '' then
        return opsdeck._leave(inside.c, 'refused', 'operation.reused', jsonb_build_object('worker', left(worker_id, 128)));
    end if;
    select (e.outcome).* into done from opsdeck.operation_effect e where e.operation = run_release.operation and e.name = 'run_release' and e.target = worker_id;
    if found then return done; end if;
    for run in
        select r.id from "public".scheduler_job_runs r where r.assigned_worker_id = worker_id and r.state = 'ASSIGNED' order by r.id for update
    loop
        perform opsdeck._requeue_row(inside.c, run, 'released');
        runs := runs || run;
    end loop;
    return opsdeck._written(inside.c, 'run_release', worker_id, jsonb_build_object('worker', worker_id, 'run_ids', to_jsonb(runs)));
end
$$;

-- Writes down what became of an open operation. Whoever began it may, also when the right is gone by now: what happened
-- has happened. Somebody else may who has the right: that is how operations are closed that a crash left open.
create or replace function opsdeck.operation_finish(operation uuid, result text, observed jsonb) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    o opsdeck.operation%rowtype;
    who record;
    c opsdeck.call;
    refusal text;
    answer opsdeck.outcome;
begin
    select * into who from opsdeck._rights();
    select * into o from opsdeck.operation k where k.id = operation for update;
    c := row(operation, coalesce(o.action, 'operation'), coalesce(o.target, ''), who.username, coalesce(o.reason, ''), null, o.epoch, false, null);
    refusal := case
        when o.id is null or o.state = 'direct' then 'operation.missing'
        when o.login <> session_user and not who.mapped then 'operator.unmapped'
        when o.login <> session_user and not who.active then 'operator.inactive'
        when o.login <> session_user and who.level < (select opsdeck._rank(a.needs) from opsdeck.action a where a.name = o.action) then 'right.missing'
        when coalesce(result, '') not in ('succeeded', 'failed', 'unknown') then 'action.unknown'
        when octet_length(observed::text) > 65536 then 'detail.large'
        when o.finish_result is not null and o.finish_result <> 'unknown' and o.finish_result <> result then 'operation.finished'
    end;
    if refusal is not null then
        return opsdeck._leave(c, 'refused', refusal, jsonb_strip_nulls(jsonb_build_object('result', o.finish_result)));
    end if;
    answer := row('done', '', opsdeck.masked(coalesce(observed, '{}')), o.finish_audit_id);
    if o.finish_result is not distinct from result then
        answer.detail := o.observed;
        return answer;
    end if;
    answer.audit_id := opsdeck._audit(c.actor, o.action || '.' || result, o.target,
        jsonb_strip_nulls(jsonb_build_object('operation', operation, 'reason', o.reason, 'result', result, 'login', session_user, 'epoch', o.epoch,
            'begun_by', nullif(o.login, session_user::text))) || jsonb_build_object('detail', answer.detail));
    update opsdeck.operation k
    set state = case result when 'unknown' then 'unknown' else 'closed' end, finished_at = clock_timestamp(), finished_by = session_user,
        finish_result = result, finish_audit_id = answer.audit_id, observed = answer.detail
    where k.id = operation;
    return answer;
end
$$;

create or replace view opsdeck.open_operation with (security_barrier) as
select o.id as operation, o.action, o.target, o.actor, o.login, o.reason, o.epoch, o.detail, o.begun_at, o.state
from opsdeck.operation o
where o.state in ('open', 'unknown');
reset role;

-- Showing what is masked, to administrators, with a row in the trail. What is shown is neither kept nor audited.
set local role "fixture_prefix_ops_owner";

create or replace function opsdeck._shown(c opsdeck.call, there boolean, value jsonb) returns opsdeck.outcome
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    answer opsdeck.outcome := c.answer;
begin
    if answer is null then
        answer := case when there then opsdeck._leave(c, 'done', '', null) else opsdeck._leave(c, 'stale', 'row.missing', null) end;
    end if;
    if answer.result = 'done' then
        answer.detail := jsonb_build_object('value', value);
    end if;
    return answer;
end
$$;

create or replace function opsdeck.job_args_reveal(operation uuid, reason text, note jsonb, epoch bigint, job_id bigint) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job.reveal', job_id::text, jsonb_build_array(job_id));
    value jsonb;
begin
    select d.default_args_json into value from "public".scheduler_job_definitions d where d.id = job_id;
    return opsdeck._shown(c, found, value);
end
$$;

create or replace function opsdeck.run_args_reveal(operation uuid, reason text, note jsonb, epoch bigint, run_id bigint) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job_run.reveal', run_id::text, jsonb_build_array(run_id));
    value constant jsonb := opsdeck._run_args(run_id);
begin
    return opsdeck._shown(c, value is not null, value);
end
$$;

create or replace function opsdeck.event_reveal(operation uuid, reason text, note jsonb, epoch bigint, event_id bigint) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'event.reveal', event_id::text, jsonb_build_array(event_id));
    value jsonb;
begin
    select e.payload_json into value from "public".scheduler_events e where e.id = event_id;
    return opsdeck._shown(c, found, value);
end
$$;

create or replace function opsdeck.audit_reveal(operation uuid, reason text, note jsonb, epoch bigint, audit_row bigint) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'audit.reveal', audit_row::text, jsonb_build_array(audit_row));
    value jsonb;
begin
    select a.payload_json into value from "public".scheduler_admin_action_logs a where a.id = audit_row;
    return opsdeck._shown(c, found, value);
end
$$;

-- A production environment opens read-only in the console; unlocking it for a while leaves a row.
create or replace function opsdeck.session_unlock(operation uuid, reason text, note jsonb, epoch bigint, minutes integer) returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'session.unlock', '', jsonb_build_array(minutes));
begin
    if c.answer is not null then return c.answer; end if;
    if coalesce(minutes, 0) not between 1 and 1440 then
        return opsdeck._leave(c, 'refused', 'minutes.invalid', null);
    end if;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('minutes', minutes, 'until', clock_timestamp() + make_interval(mins => minutes)));
end
$$;
reset role;

-- The chain that every row of the trail is on. The digest covers the row, its writer, its place and the digest before it.
set local role "fixture_prefix_ops_audit";

create or replace function opsdeck._field(value text) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
$$;

create or replace function opsdeck._audit_digest(before bytea, login text, by_gate boolean, seq bigint, id bigint, actor text, action text,
    target text, payload jsonb, created_at timestamptz) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select sha256(before || int8send(seq) || int8send(id) || case when by_gate then '\x01'::bytea else '\x00'::bytea end
        || opsdeck._field(login) || opsdeck._field(actor) || opsdeck._field(action) || opsdeck._field(target) || opsdeck._field(payload::text)
        || case when isfinite(created_at) then int8send((extract(epoch from created_at) * 1000000)::bigint) else opsdeck._field(created_at::text) end)
$$;

create or replace function opsdeck._audit_append() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    by_gate constant boolean := tg_argv[0] = 'gate';
    head opsdeck.audit_head%rowtype;
begin
    select * into head from opsdeck.audit_head h where h.login = session_user and h.actor = new.actor for update;
    if not found then
        insert into opsdeck.audit_head values (session_user, new.actor, 0, ''::bytea) on conflict do nothing;
        select * into head from opsdeck.audit_head h where h.login = session_user and h.actor = new.actor for update;
    end if;
    head.seq := head.seq + 1;
    head.digest := opsdeck._audit_digest(head.digest, head.login, by_gate, head.seq, new.id, new.actor, new.action, new.target, new.payload_json, new.created_at);
    insert into opsdeck.audit_chain (audit_id, login, actor, seq, by_gate, digest) values (new.id, head.login, head.actor, head.seq, by_gate, head.digest);
    update opsdeck.audit_head h set seq = head.seq, digest = head.digest where h.login = head.login and h.actor = head.actor;
    return null;
end
$$;

create or replace function opsdeck._audit_refuse() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'the audit trail is only ever added to: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

-- Puts the rows on a chain that were there before the trail was ours, in the order of their ids. Their login is '', which
-- no session can have.
create or replace function opsdeck._audit_chain_old() returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    limit_id constant bigint := (select t.before_id from opsdeck.audit_taken t);
    head opsdeck.audit_head%rowtype;
    old record;
    count bigint := 0;
begin
    insert into opsdeck.audit_head values ('', '', 0, ''::bytea) on conflict do nothing;
    select * into head from opsdeck.audit_head h where h.login = '' and h.actor = '' for update;
    for old in
        select a.* from "public".scheduler_admin_action_logs a
        where a.id <= limit_id and not exists (select from opsdeck.audit_chain c where c.audit_id = a.id)
        order by a.id
    loop
        head.seq := head.seq + 1;
        head.digest := opsdeck._audit_digest(head.digest, '', false, head.seq, old.id, old.actor, old.action, old.target, old.payload_json, old.created_at);
        insert into opsdeck.audit_chain (audit_id, login, actor, seq, by_gate, digest) values (old.id, '', '', head.seq, false, head.digest);
        count := count + 1;
    end loop;
    update opsdeck.audit_head h set seq = head.seq, digest = head.digest where h.login = '' and h.actor = '';
    update opsdeck.audit_taken t set chained = true;
    return count;
end
$$;
reset role;

-- Seals: one digest over how far every chain is. A chain alone doesn't see its tail cut; somebody who keeps a seal
-- elsewhere does.
set local role "fixture_prefix_ops_audit";

create or replace function opsdeck._seal_digest(before bytea, seal bigint, sealed_at timestamptz, sealed_by text) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
    select sha256(before || int8send(seal) || int8send((extract(epoch from sealed_at) * 1000000)::bigint) || opsdeck._field(sealed_by)
        || coalesce((
            select string_agg(opsdeck._field(h.login) || opsdeck._field(h.actor) || int8send(h.head_seq) || h.digest, ''::bytea
                order by h.login collate "C", h.actor collate "C")
            from opsdeck.seal_head h where h.seal = $2), ''::bytea))
$$;

-- How far each chain was at a seal.
create or replace function opsdeck._sealed(at_seal bigint) returns table (login text, actor text, head_seq bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
    select distinct on (h.login, h.actor) h.login, h.actor, h.head_seq
    from opsdeck.seal_head h where h.seal <= at_seal order by h.login, h.actor, h.seal desc
$$;

-- Seals what has been committed, if anything has been since the last seal, and gives the newest seal. Of somebody who may
-- not operate it only reads. One at a time: all read the heads in one snapshot, taken after the turn is theirs.
create or replace function opsdeck.seal(out seq bigint, out sealed_at timestamptz, out digest bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    moved boolean;
    before bytea;
begin
    if pg_has_role(session_user, 'fixture_prefix_ops_operator', 'usage') then
        perform from opsdeck.audit_taken t for update;
        select coalesce(max(s.seq), 0) into seq from opsdeck.seals s;
        select s.digest into before from opsdeck.seals s where s.seq = seal.seq;
        moved := exists (
            select from opsdeck.audit_head h left join opsdeck._sealed(seq) s using (login, actor)
            where h.seq > coalesce(s.head_seq, 0));
        if moved then
            seq := seq + 1;
            sealed_at := clock_timestamp();
            insert into opsdeck.seals (seq, sealed_at, sealed_by, heads, digest) values (seq, sealed_at, session_user, 0, ''::bytea);
            insert into opsdeck.seal_head (seal, login, actor, head_seq, digest)
            select seq, h.login, h.actor, h.seq, h.digest
            from opsdeck.audit_head h left join opsdeck._sealed(seq - 1) s using (login, actor)
            where h.seq > coalesce(s.head_seq, 0);
            update opsdeck.seals s
            set heads = (select count(*) from opsdeck.seal_head h where h.seal = seal.seq),
                digest = opsdeck._seal_digest(coalesce(before, ''::bytea), seq, sealed_at, session_user)
            where s.seq = seal.seq;
        end if;
    end if;
    select s.seq, s.sealed_at, s.digest into seq, sealed_at, digest from opsdeck.seals s order by s.seq desc limit 1;
end
$$;
reset role;

-- Looks at the whole trail, or at what came after a seal, and names the first row that doesn't fit.
--
-- It is STABLE so that everything in it sees one snapshot: a row that is written meanwhile is no false alarm. Each digest is
-- compared with the one stored before it: together that is the same as computing the chain anew, without its order.
set local role "fixture_prefix_ops_audit";

create or replace function opsdeck.audit_verify(from_seal bigint default null, pinned bytea default null,
    out ok boolean, out checked bigint, out problem text, out audit_id bigint, out login text, out actor text, out seq bigint,
    out seal bigint, out seal_digest bytea)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    bad record;
begin
    ok := false;
    checked := 0;
    select s.seq, s.digest into seal, seal_digest from opsdeck.seals s order by s.seq desc limit 1;

    -- The seals first: what comes after leans on them.
    if from_seal is not null and not exists (select from opsdeck.seals s where s.seq = from_seal and (pinned is null or s.digest = pinned)) then
        problem := case when exists (select from opsdeck.seals s where s.seq = from_seal) then 'seal.changed' else 'seal.missing' end;
        seq := from_seal;
        return;
    end if;
    select s.seq into bad
    from (select *, lag(s.digest, 1, ''::bytea) over w as before, row_number() over w as place from opsdeck.seals s window w as (order by s.seq)) s
    where s.seq > coalesce(from_seal, 0)
      and (s.seq <> s.place or s.digest <> opsdeck._seal_digest(s.before, s.seq, s.sealed_at, s.sealed_by))
    order by s.seq limit 1;
    if found then
        problem := 'seal.changed';
        seq := bad.seq;
        return;
    end if;

    -- Rows against their digests and against the row before, and holes in the numbering.
    with links as (
        select c.audit_id, c.login, c.actor, c.seq, c.by_gate, c.digest, a.id, a.action, a.target, a.payload_json, a.created_at, a.actor as row_actor,
            lag(c.digest) over w as before, lag(c.seq) over w as before_seq
        from opsdeck.audit_chain c
        left join "public".scheduler_admin_action_logs a on a.id = c.audit_id
        left join opsdeck._sealed(from_seal) s on s.login = c.login and s.actor = c.actor
        where c.seq >= coalesce(s.head_seq, 0)
        window w as (partition by c.login, c.actor order by c.seq)
    ), judged as (
        select l.*, case
            when l.before_seq is null and l.seq > 1 and from_seal is null then 'chain.gap'
            when l.before_seq is null and l.seq > 1 then null  -- the sealed head itself: what follows leans on it
            when l.seq <> coalesce(l.before_seq, 0) + 1 then 'chain.gap'
            when l.id is null then 'row.missing'
            when l.login <> '' and l.row_actor <> l.actor then 'row.changed'
            when l.digest <> opsdeck._audit_digest(coalesce(l.before, ''::bytea), l.login, l.by_gate, l.seq, l.id, l.row_actor, l.action,
                l.target, l.payload_json, l.created_at) then 'row.changed'
            end as wrong
        from links l
    )
    select count(*) as rows, min(j.audit_id) filter (where j.wrong is not null) as first into bad from judged j;
    checked := bad.rows;
    if bad.first is not null then
        select c.login, c.actor, c.seq, c.audit_id into login, actor, seq, audit_id from opsdeck.audit_chain c where c.audit_id = bad.first;
        problem := opsdeck._audit_problem(login, actor, seq);
        return;
    end if;

    -- Ends of chains, against the heads and against every seal.
    select h.login, h.actor, h.seq into bad
    from opsdeck.audit_head h
    left join lateral (select c.seq, c.digest from opsdeck.audit_chain c
        where c.login = h.login and c.actor = h.actor order by c.seq desc limit 1) tail on true
    where h.seq <> coalesce(tail.seq, 0) or h.digest <> coalesce(tail.digest, ''::bytea)
    order by h.login, h.actor limit 1;
    if found then
        problem := 'chain.cut';
        login := bad.login; actor := bad.actor; seq := bad.seq;
        return;
    end if;
    select h.login, h.actor, h.head_seq into bad
    from opsdeck.seal_head h
    left join opsdeck.audit_chain c on c.login = h.login and c.actor = h.actor and c.seq = h.head_seq
    where (h.seal > coalesce(from_seal, 0) or (h.login, h.actor, h.head_seq) in (select s.login, s.actor, s.head_seq from opsdeck._sealed(from_seal) s))
      and c.digest is distinct from h.digest
    order by h.seal, h.login, h.actor limit 1;
    if found then
        problem := 'chain.cut';
        login := bad.login; actor := bad.actor; seq := bad.head_seq;
        return;
    end if;
    select c.login, c.actor, c.seq, c.audit_id into bad
    from opsdeck.audit_chain c
    where not exists (select from opsdeck.audit_head h where h.login = c.login and h.actor = c.actor) order by c.audit_id limit 1;
    if found then
        problem := 'chain.cut';
        login := bad.login; actor := bad.actor; seq := bad.seq; audit_id := bad.audit_id;
        return;
    end if;

    -- Rows that came past the chain.
    select a.id into bad
    from "public".scheduler_admin_action_logs a
    where not exists (select from opsdeck.audit_chain c where c.audit_id = a.id)
      and a.id > coalesce((select max(c.audit_id) from opsdeck.audit_chain c join opsdeck.seal_head h
          on h.login = c.login and h.actor = c.actor and h.head_seq = c.seq where h.seal <= from_seal), 0)
    order by a.id limit 1;
    if found then
        audit_id := bad.id;
        problem := case when (select t.taken and t.chained from opsdeck.audit_taken t) then 'row.unchained' else 'install.unfinished' end;
        return;
    end if;
    ok := true;
    problem := '';
end
$$;

-- What is wrong with one link.
create or replace function opsdeck._audit_problem(login text, actor text, seq bigint) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case
        when $3 > 1 and not exists (select from opsdeck.audit_chain b where b.login = $1 and b.actor = $2 and b.seq = $3 - 1) then 'chain.gap'
        when not exists (select from "public".scheduler_admin_action_logs a join opsdeck.audit_chain c on c.audit_id = a.id
            where c.login = $1 and c.actor = $2 and c.seq = $3) then 'row.missing'
        else 'row.changed' end
$$;
reset role;

-- What operators may read of tables that hold secrets. They are made anew at each upgrade: a view's columns can't be
-- replaced by others.
set local role "fixture_prefix_ops_owner";
drop view if exists opsdeck.job_definition, opsdeck.event, opsdeck.audit, opsdeck.setting, opsdeck.setting_help, opsdeck.reload_request,
    opsdeck.run_args;

create view opsdeck.job_definition with (security_barrier) as
select d.id, d.name, d.enabled, d.type, d.command_name, m.args as default_args_json, d.schedule, d.timeout_seconds, d.max_retries,
    d.retry_backoff_seconds, d.concurrency_policy, d.created_at, d.updated_at, m.args is distinct from d.default_args_json as args_masked
from "public".scheduler_job_definitions d, lateral (select opsdeck.masked(d.default_args_json) as args) m;

create view opsdeck.event with (security_barrier) as
select e.id, e.event_type, m.payload, m.payload is distinct from e.payload_json as payload_masked, e.dedupe_key, e.created_at, e.processed_at
from "public".scheduler_events e, lateral (select opsdeck.masked(e.payload_json) as payload) m;

create view opsdeck.setting with (security_barrier) as
select s.key, case when x.is_secret and x.value not in ('""', 'null') then '"<masked>"' else opsdeck.masked(x.value) end as value,
    x.is_secret, s.updated_at
from "public".scheduler_settings s, lateral (
    select opsdeck.setting_value(s.value_json) as value, opsdeck.secret_name(s.key)
        or exists (select from "public".scheduler_setting_help h where h.key = s.key and h.is_secret) as is_secret) x;

create view opsdeck.setting_help with (security_barrier) as
select h.id, h.key, h.title, h.description, h.impact, h.editable, h.input_type, h.enum_values_json, h.constraints_json, h.examples_json,
    h.is_secret, h.updated_at
from "public".scheduler_setting_help h;

create view opsdeck.reload_request with (security_barrier) as
select q.id, q.requested_by, q.requested_at, q.status, q.applied_at, q.leader_worker_id, q.leader_epoch, q.result_json
from "public".scheduler_config_reload_requests q;

-- Django writes a secret setting's new value in clear where only its help says that it is secret.
create view opsdeck.audit with (security_barrier) as
select a.id, a.actor, a.action, a.target,
    case when a.action = 'setting.set' and a.payload_json ? 'value' and (opsdeck.secret_name(a.target)
            or exists (select from "public".scheduler_setting_help h where h.key = a.target and h.is_secret))
        then opsdeck.masked(a.payload_json) || '{"value": "<masked>"}' else opsdeck.masked(a.payload_json) end as payload,
    a.created_at, case when c.by_gate then 'gate' else coalesce(nullif(c.login, ''), 'before') end as written_by, c.login, c.seq as chain_seq
from "public".scheduler_admin_action_logs a
left join opsdeck.audit_chain c on c.audit_id = a.id;

reset role;


-- The three permissions, for Django's own pages to give to users and groups. An application that declares them itself is
-- left alone.
do $$
declare
    place integer;
begin
    if exists (select from "public".auth_permission p join "public".django_content_type c on c.id = p.content_type_id
        where c.app_label = 'opsdeck' and p.codename = 'ops_view') then
        return;
    end if;
    select id into place from "public".django_content_type where app_label = 'opsdeck' and model = 'console';
    if place is null then
        insert into "public".django_content_type (app_label, model) values ('opsdeck', 'console') returning id into place;
    end if;
    insert into "public".auth_permission (name, content_type_id, codename)
    values ('Can look at the scheduler in Opsdeck', place, 'ops_view'), ('Can operate runs and workers in Opsdeck', place, 'ops_operator'),
        ('Can change jobs and settings in Opsdeck', place, 'ops_admin')
    on conflict do nothing;
end
$$;

-- Who may what. It is repeated at every install: tables that have come since get their rights.
grant select on "public".scheduler_job_definitions, "public".scheduler_job_runs, "public".scheduler_events, "public".scheduler_settings,
    "public".scheduler_setting_help, "public".scheduler_config_reload_requests, "public".scheduler_admin_action_logs,
    "public".auth_group, "public".auth_user_groups, "public".auth_user_user_permissions, "public".auth_permission,
    "public".auth_group_permissions, "public".django_content_type to "fixture_prefix_ops_owner";
grant select (id, username, is_active) on "public".auth_user to "fixture_prefix_ops_owner", "fixture_prefix_ops_view";
grant delete, insert (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds,
        concurrency_policy, created_at, updated_at),
    update (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds,
        concurrency_policy, updated_at)
    on "public".scheduler_job_definitions to "fixture_prefix_ops_owner";
grant delete, insert (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt, version, error_summary, log_ref,
        continuation_state, created_at, updated_at),
    update (state, assigned_worker_id, assigned_at, started_at, finished_at, exit_code, attempt, version, error_summary, continuation_state,
        continuation_check_started_at, continuation_check_deadline_at, updated_at)
    on "public".scheduler_job_runs to "fixture_prefix_ops_owner";
grant insert (event_type, payload_json, dedupe_key, created_at, processed_at) on "public".scheduler_events to "fixture_prefix_ops_owner";
grant delete, insert (key, value_json, updated_at), update (value_json, updated_at) on "public".scheduler_settings to "fixture_prefix_ops_owner";
grant insert (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
    on "public".scheduler_config_reload_requests to "fixture_prefix_ops_owner";
grant insert (actor, action, target, payload_json, created_at) on "public".scheduler_admin_action_logs to "fixture_prefix_ops_owner";

-- Operators read plain what holds no secrets, and no hash of a password.
grant select on "public".scheduler_job_runs to "fixture_prefix_ops_view";
grant select (id, name, enabled, type, command_name, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy,
    created_at, updated_at) on "public".scheduler_job_definitions to "fixture_prefix_ops_view";

-- What is there only in some installations: ids from sequences, as Django up to 4.0 made them, and our node's tables.
do $$
declare
    name text;
    serial text;
begin
    foreach name in array array['scheduler_job_definitions', 'scheduler_job_runs', 'scheduler_events', 'scheduler_settings',
        'scheduler_config_reload_requests', 'scheduler_admin_action_logs'] loop
        serial := pg_get_serial_sequence('"public"' || '.' || name, 'id');
        if serial is not null then
            execute format('grant usage on sequence %s to %I', serial, 'fixture_prefix_ops_owner');
        end if;
    end loop;
    if to_regnamespace('opsdeck_node') is not null then
        execute format('grant usage on schema opsdeck_node to %I, %I', 'fixture_prefix_ops_view', 'fixture_prefix_ops_owner');
        for name in select c.relname from pg_class c where c.relnamespace = to_regnamespace('opsdeck_node') and c.relkind in ('r', 'p') loop
            if name = 'run_args' then
                execute format('grant select, insert on opsdeck_node.run_args to %I', 'fixture_prefix_ops_owner');
                if to_regclass('opsdeck.run_args') is null then
                    execute format('set local role %I', 'fixture_prefix_ops_owner');
                    create view opsdeck.run_args with (security_barrier) as
                        select a.run_id, opsdeck.masked(a.args_json) as args_json, opsdeck.masked(a.args_json) is distinct from a.args_json as args_masked
                        from opsdeck_node.run_args a;
                    reset role;
                end if;
            else
                execute format('grant select on opsdeck_node.%I to %I', name, 'fixture_prefix_ops_view');
            end if;
        end loop;
        if to_regclass('opsdeck_node.run_attempt') is not null then
            execute format('grant select, update (ended_at, outcome, note) on opsdeck_node.run_attempt to %I', 'fixture_prefix_ops_owner');
        end if;
    end if;
end
$$;

-- The gate itself. Functions whose names begin with an underscore are its own steps and are nobody's.
revoke all on all functions in schema opsdeck from public;
revoke all on all tables in schema opsdeck from public;
do $$
declare
    f record;
begin
    for f in select p.oid::regprocedure as signature, p.proname like '\_%' as own from pg_proc p where p.pronamespace = 'opsdeck'::regnamespace loop
        if f.own then
            execute format('revoke all on function %s from %I', f.signature, 'fixture_prefix_ops_view');
        else
            execute format('grant execute on function %s to %I', f.signature, 'fixture_prefix_ops_view');
        end if;
    end loop;
    for f in select c.oid::regclass as view from pg_class c where c.relnamespace = 'opsdeck'::regnamespace and c.relkind = 'v' loop
        execute format('grant select on %s to %I', f.view, 'fixture_prefix_ops_view');
    end loop;
end
$$;
grant select on opsdeck.installation, opsdeck.action, opsdeck.seals, opsdeck.audit_taken to "fixture_prefix_ops_view";
grant select on opsdeck.audit_chain to "fixture_prefix_ops_owner";

-- Whoever installs keeps the list of operators, also without being a superuser.
do $$
begin
    execute format('grant select, insert, update, delete on opsdeck.operator, opsdeck.group_right to %I', current_user);
    execute format('grant usage on schema opsdeck to %I', current_user);
    execute format('grant select on opsdeck.installation, opsdeck.operation, opsdeck.seals, opsdeck.audit_taken to %I', current_user);
    execute format('grant update (indexes, hardened, hardening) on opsdeck.installation to %I', current_user);
    execute format('grant execute on function opsdeck.audit_verify(bigint, bytea), opsdeck.seal() to %I', current_user);
end
$$;

-- What is installed now.
set local role "fixture_prefix_ops_owner";
insert into opsdeck.installation as i (version, prefix, app_label, tables_schema, scheduler_login, definitions)
values (2, 'fixture_prefix', 'opsdeck', 'public', 'scheduler', '22e36aae5bf677901be74278e31c134efed0d8336bbee7976a75c1960826adfb')
on conflict (only_row) do update set version = excluded.version, definitions = excluded.definitions, upgraded_at = now()
where i.version <> excluded.version or i.definitions <> excluded.definitions;
insert into opsdeck.group_right (group_name, gives) values ('Scheduler App Operator', 'ops_operator') on conflict do nothing;
insert into opsdeck.group_right (group_name, gives) values ('Scheduler Ops Admin', 'ops_admin') on conflict do nothing;
insert into opsdeck.group_right (group_name, gives) values ('Scheduler Superuser', 'ops_admin') on conflict do nothing;
insert into opsdeck.group_right (group_name, gives) values ('schedule_ops_app_operator', 'ops_operator') on conflict do nothing;
insert into opsdeck.group_right (group_name, gives) values ('schedule_ops_ops_admin', 'ops_admin') on conflict do nothing;
insert into opsdeck.group_right (group_name, gives) values ('schedule_ops_superuser', 'ops_admin') on conflict do nothing;
reset role;

-- Ends what roles.sql lent to the installing login. PostgreSQL 16 keeps the login that made a role as its
-- administrator; that one membership can't be taken back, it neither inherits nor may it SET ROLE.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('revoke %I, %I from %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

commit;
begin;
set local search_path = pg_catalog, pg_temp;
set local client_min_messages = warning;
set local statement_timeout = 0;

-- Whoever installs acts as the owners until leave.sql takes it back, in the same transaction. Of a superuser this
-- asks nothing, and gives it nothing.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant %I, %I to %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

-- Takes the audit table over: another owner, who alone could change what is written, and the chain on every new row. This
-- is the one step that locks a table that others write, for as long as these statements take. Nothing is done, and
-- nothing locked, where it has been done.
do $$
declare
    trail constant oid := '"public"."scheduler_admin_action_logs"'::regclass;
    owner text;
begin
    select rolname into owner from pg_class c join pg_roles r on r.oid = c.relowner where c.oid = trail;
    if owner = 'fixture_prefix_ops_audit' and (select taken from opsdeck.audit_taken)
        and (select count(*) from pg_trigger where tgrelid = trail and tgname in ('opsdeck_chain', 'opsdeck_chain_gate', 'opsdeck_refuse', 'opsdeck_refuse_truncate')
            and tgenabled = 'A') = 4 then
        return;
    end if;
    lock table "public"."scheduler_admin_action_logs" in access exclusive mode;
    if owner <> 'fixture_prefix_ops_audit' then
        execute format('grant create on schema "public" to %I', 'fixture_prefix_ops_audit');
        alter table "public"."scheduler_admin_action_logs" owner to "fixture_prefix_ops_audit";
        execute format('revoke create on schema "public" from %I', 'fixture_prefix_ops_audit');
    end if;
    set local role "fixture_prefix_ops_audit";
    grant select, insert on "public"."scheduler_admin_action_logs" to "scheduler";
    grant select, insert (actor, action, target, payload_json, created_at) on "public"."scheduler_admin_action_logs" to "fixture_prefix_ops_owner";
    if pg_get_serial_sequence('"public"."scheduler_admin_action_logs"', 'id') is not null then
        execute format('grant usage, select on sequence %s to "scheduler", "fixture_prefix_ops_owner"', pg_get_serial_sequence('"public"."scheduler_admin_action_logs"', 'id'));
    end if;
    create or replace trigger opsdeck_chain after insert on "public"."scheduler_admin_action_logs"
        for each row when (current_user <> 'fixture_prefix_ops_owner') execute function opsdeck._audit_append('');
    create or replace trigger opsdeck_chain_gate after insert on "public"."scheduler_admin_action_logs"
        for each row when (current_user = 'fixture_prefix_ops_owner') execute function opsdeck._audit_append('gate');
    create or replace trigger opsdeck_refuse before update or delete on "public"."scheduler_admin_action_logs"
        for each statement execute function opsdeck._audit_refuse();
    create or replace trigger opsdeck_refuse_truncate before truncate on "public"."scheduler_admin_action_logs"
        for each statement execute function opsdeck._audit_refuse();
    alter table "public"."scheduler_admin_action_logs" enable always trigger opsdeck_chain;
    alter table "public"."scheduler_admin_action_logs" enable always trigger opsdeck_chain_gate;
    alter table "public"."scheduler_admin_action_logs" enable always trigger opsdeck_refuse;
    alter table "public"."scheduler_admin_action_logs" enable always trigger opsdeck_refuse_truncate;
    update opsdeck.audit_taken set taken = true, taken_at = now(), chained = false,
        before_id = coalesce((select max(id) from "public"."scheduler_admin_action_logs"), 0);
    reset role;
end
$$;

-- Ends what roles.sql lent to the installing login. PostgreSQL 16 keeps the login that made a role as its
-- administrator; that one membership can't be taken back, it neither inherits nor may it SET ROLE.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('revoke %I, %I from %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

commit;
begin;
set local search_path = pg_catalog, pg_temp;
set local client_min_messages = warning;
set local statement_timeout = 0;

-- Whoever installs acts as the owners until leave.sql takes it back, in the same transaction. Of a superuser this
-- asks nothing, and gives it nothing.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant %I, %I to %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

-- Puts the rows on the chain that were there before. They can't change any more, so nobody is kept waiting however many
-- there are.
set local role "fixture_prefix_ops_audit";
select case when chained then 0 else opsdeck._audit_chain_old() end from opsdeck.audit_taken;
reset role;

-- Ends what roles.sql lent to the installing login. PostgreSQL 16 keeps the login that made a role as its
-- administrator; that one membership can't be taken back, it neither inherits nor may it SET ROLE.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('revoke %I, %I from %I', 'fixture_prefix_ops_owner', 'fixture_prefix_ops_audit', current_user);
    end if;
end
$$;

commit;
