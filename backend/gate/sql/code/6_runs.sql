-- Runs: start, again, cancel, send back. A run is changed under its state and version; no row is forced.
set local role {{.Owner}};

-- A new run, due now. Microseconds keep it off the minute slots; should two meet, the later gives way.
create or replace function opsdeck._new_run(job_id bigint, idempotency_key text, out id bigint, out scheduled_for timestamptz)
language plpgsql set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
begin
    scheduled_for := clock_timestamp();
    loop
        insert into {{.Schema}}.scheduler_job_runs as r (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt,
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
    update {{.Schema}}.scheduler_job_runs r
    set state = 'CANCELED', finished_at = clock_timestamp(), continuation_state = 'NONE', continuation_check_started_at = null,
        continuation_check_deadline_at = null, error_summary = opsdeck._noted(r.error_summary, what, c),
        version = r.version + 1, updated_at = clock_timestamp()
    where r.id = run_id
$$;

-- Puts a run back in line: as a leader does with a lost one, so that every scheduler knows what to do with it.
create or replace function opsdeck._requeue_row(c opsdeck.call, run_id bigint, what text) returns void
language sql set search_path = pg_catalog, pg_temp as $$
    update {{.Schema}}.scheduler_job_runs r
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
    select d.name, d.updated_at, d.default_args_json into stored from {{.Schema}}.scheduler_job_definitions d where d.id = job_id for share;
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
    run {{.Schema}}.scheduler_job_runs%rowtype;
    made record;
    args jsonb;
    told jsonb;
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from {{.Schema}}.scheduler_job_runs r where r.id = run_id for share;
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
    from {{.Schema}}.scheduler_job_definitions d where d.id = run.job_definition_id;
    return opsdeck._leave(c, 'done', '', told || jsonb_build_object('run_id', made.id), told);
end
$$;

create or replace function opsdeck.run_cancel_waiting(operation uuid, reason text, note jsonb, epoch bigint, run_id bigint, seen_version integer)
returns opsdeck.outcome
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    c opsdeck.call := opsdeck._enter(operation, reason, note, epoch, 'job_run.cancel', run_id::text, jsonb_build_array('waiting', run_id, seen_version));
    run {{.Schema}}.scheduler_job_runs%rowtype;
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from {{.Schema}}.scheduler_job_runs r where r.id = run_id for update;
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
    run {{.Schema}}.scheduler_job_runs%rowtype;
    made record;
    args jsonb;
    told jsonb;
    skip_after integer := coalesce(skip_after_seconds, (
        select (opsdeck.setting_value(s.value_json) #>> '{}')::integer from {{.Schema}}.scheduler_settings s
        where s.key = 'SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS' and opsdeck.setting_value(s.value_json) #>> '{}' ~ '^[0-9]{1,9}$'), 300);
begin
    if c.answer is not null then return c.answer; end if;
    select r.* into run from {{.Schema}}.scheduler_job_runs r where r.id = run_id for update;
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
