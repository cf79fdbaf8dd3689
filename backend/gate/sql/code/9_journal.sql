-- Operations that leave PostgreSQL are written down before they act: no audit, no action. What became of them is written
-- when somebody has looked.
set local role {{.Owner}};

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
    run {{.Schema}}.scheduler_job_runs%rowtype;
begin
    select * into inside from opsdeck._inside(operation, array['job_run.cancel', 'worker.cancel_current', 'bulk.cancel']);
    if inside.refusal is not null then
        return opsdeck._leave(inside.c, 'refused', inside.refusal, jsonb_build_object('run_id', run_id));
    end if;
    select (e.outcome).* into done from opsdeck.operation_effect e where e.operation = run_cancel_lost.operation and e.name = 'run_cancel_lost' and e.target = run_id::text;
    if found then return done; end if;
    select r.* into run from {{.Schema}}.scheduler_job_runs r where r.id = run_id for update;
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
        select r.id from {{.Schema}}.scheduler_job_runs r where r.assigned_worker_id = worker_id and r.state = 'ASSIGNED' order by r.id for update
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

create or replace view opsdeck.open_operation as
select o.id as operation, o.action, o.target, o.actor, o.login, o.reason, o.epoch, o.detail, o.begun_at, o.state
from opsdeck.operation o
where o.state in ('open', 'unknown');
reset role;
