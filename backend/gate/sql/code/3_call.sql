-- What every operation does first and last.
set local role {{.Owner}};

-- Writes an audit row. What the trail keeps is masked here, once for all.
create or replace function opsdeck._audit(actor text, action text, target text, payload jsonb) returns bigint
language sql set search_path = pg_catalog, pg_temp as $$
    insert into {{.Schema}}.scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
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
