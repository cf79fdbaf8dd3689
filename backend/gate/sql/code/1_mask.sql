-- Hiding what must not be read. These run with the reader's rights, inside of views; their search path is fixed all the
-- same, or a reader's own function could be called in the middle of them.
set local role {{.Owner}};

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
        or exists (select from {{.Schema}}.scheduler_setting_help h where h.key = $1 and h.is_secret)
$$;

-- A setting's value: processes read {"value": x} and x alike.
create or replace function opsdeck.setting_value(stored jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case when jsonb_typeof(stored) = 'object' and stored ? 'value' and stored - 'value' = '{}' then stored -> 'value' else stored end
$$;
reset role;
