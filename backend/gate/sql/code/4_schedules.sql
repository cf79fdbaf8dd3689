-- Which schedules ever fire. The same rules as backend/scheduler/schedule_parse.go, which a test holds side by side.
set local role {{.Owner}};

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
              or schedule ? 'event_types' and jsonb_typeof(schedule -> 'event_types') not in ('array', 'null')
              or jsonb_typeof(schedule -> 'event_types') = 'array' and schedule @? '$.event_types[*] ? (@.type() != "string")'
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
