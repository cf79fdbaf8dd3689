-- Showing what is masked, to administrators, with a row in the trail. What is shown is neither kept nor audited.
set local role {{.Owner}};

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
    select d.default_args_json into value from {{.Schema}}.scheduler_job_definitions d where d.id = job_id;
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
    select e.payload_json into value from {{.Schema}}.scheduler_events e where e.id = event_id;
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
    select a.payload_json into value from {{.Schema}}.scheduler_admin_action_logs a where a.id = audit_row;
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
