-- Settings: set, reset, apply. A value is typed and bounded by its row of help.
set local role {{.Owner}};

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
    select h.input_type, h.enum_values_json, h.constraints_json into help from {{.Schema}}.scheduler_setting_help h where h.key = setting;
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
    elsif exists (select from {{.Schema}}.scheduler_setting_help h where h.key = setting_set.key and not h.editable) then
        return opsdeck._leave(c, 'refused', 'setting.readonly', null);
    end if;
    typed := opsdeck._typed_setting(key, value);
    if typed.problem <> '' then
        return opsdeck._leave(c, 'refused', 'setting.invalid', jsonb_build_object('problem', typed.problem));
    end if;
    select s.value_json, s.updated_at into stored from {{.Schema}}.scheduler_settings s where s.key = setting_set.key for update;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'setting.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    if seen is not null then
        update {{.Schema}}.scheduler_settings s set value_json = jsonb_build_object('value', typed.value), updated_at = clock_timestamp()
        where s.key = setting_set.key;
    else
        insert into {{.Schema}}.scheduler_settings (key, value_json, updated_at)
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
    select case when key in ({{restarts}}) then 'restart' else 'apply' end
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
    if exists (select from {{.Schema}}.scheduler_setting_help h where h.key = setting_reset.key and not h.editable) then
        return opsdeck._leave(c, 'refused', 'setting.readonly', null);
    end if;
    select s.value_json, s.updated_at into stored from {{.Schema}}.scheduler_settings s where s.key = setting_reset.key for update;
    if stored.updated_at is distinct from seen then
        return opsdeck._leave(c, 'stale', 'setting.changed', jsonb_build_object('updated_at', stored.updated_at));
    end if;
    delete from {{.Schema}}.scheduler_settings s where s.key = setting_reset.key;
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
    insert into {{.Schema}}.scheduler_config_reload_requests as q (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
    values (c.actor, clock_timestamp(), 'PENDING', null, '', null, '{}')
    returning q.id into id;
    c.target := id::text;
    return opsdeck._leave(c, 'done', '', jsonb_build_object('request_id', id));
end
$$;
reset role;
