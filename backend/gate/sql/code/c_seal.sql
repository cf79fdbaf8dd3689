-- Seals: one digest over how far every chain is. A chain alone doesn't see its tail cut; somebody who keeps a seal
-- elsewhere does.
set local role {{.Audit}};

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

-- Seals what has been committed, if anything has been since the last seal, and gives the newest seal. Of a login that is
-- neither an operator's nor the one that installed the gate it only reads. One at a time: all read the heads in one snapshot, taken after the turn is theirs.
create or replace function opsdeck.seal(out seq bigint, out sealed_at timestamptz, out digest bytea)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
    moved boolean;
    before bytea;
begin
    if pg_has_role(session_user, {{text .Names.Operator}}, 'usage') or session_user = (select i.installed_by from opsdeck.installation i) then
        perform from opsdeck.audit_taken t for update;
        select coalesce(max(s.seq), 0) into seq from opsdeck.seals s;
        select s.digest into before from opsdeck.seals s where s.seq = seal.seq;
        moved := exists (
            select from opsdeck.audit_head h left join opsdeck.sealed s using (login, actor)
            where h.seq > coalesce(s.head_seq, 0));
        if moved then
            seq := seq + 1;
            sealed_at := clock_timestamp();
            insert into opsdeck.seals (seq, sealed_at, sealed_by, heads, digest) values (seq, sealed_at, session_user, 0, ''::bytea);
            insert into opsdeck.seal_head (seal, login, actor, head_seq, digest)
            select seq, h.login, h.actor, h.seq, h.digest
            from opsdeck.audit_head h left join opsdeck.sealed s using (login, actor)
            where h.seq > coalesce(s.head_seq, 0);
            insert into opsdeck.sealed as s (login, actor, head_seq)
            select h.login, h.actor, h.head_seq from opsdeck.seal_head h where h.seal = seal.seq
            on conflict on constraint sealed_pkey do update set head_seq = excluded.head_seq;
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
