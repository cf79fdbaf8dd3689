-- The chain that every row of the trail is on. The digest covers the row, its writer, its place and the digest before it.
set local role {{.Audit}};

-- These two are called by functions with a fixed search path alone, and have none of their own: only so can they become part
-- of the query that asks for a hundred thousand digests.
create or replace function opsdeck._field(value text) returns bytea
language sql immutable as $$
    select int4send(octet_length(value)) || convert_to(value, 'UTF8')
$$;

create or replace function opsdeck._audit_digest(before bytea, login text, by_gate boolean, seq bigint, id bigint, actor text, action text,
    target text, payload jsonb, created_at timestamptz) returns bytea
language sql immutable as $$
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
        select a.* from {{.Schema}}.scheduler_admin_action_logs a
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
