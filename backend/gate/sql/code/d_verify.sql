-- Looks at the whole trail, or at what came after a seal, and names the first row that doesn't fit.
--
-- It is STABLE so that everything in it sees one snapshot: a row that is written meanwhile is no false alarm. Each digest is
-- compared with the one stored before it: together that is the same as computing the chain anew, without its order.
set local role {{.Audit}};

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

    select coalesce(a.login, b.login) as login, coalesce(a.actor, b.actor) as actor, a.head_seq into bad
    from opsdeck._sealed(seal) a full join opsdeck.sealed b on b.login = a.login and b.actor = a.actor
    where a.head_seq is distinct from b.head_seq order by 1, 2 limit 1;
    if found then
        problem := 'seal.changed';
        login := bad.login; actor := bad.actor; seq := bad.head_seq;
        return;
    end if;

    -- Rows against their digests and against the row before, and holes in the numbering.
    with places as (                                     -- narrow, as it has to be sorted
        select c.*, lag(c.digest) over w as before, lag(c.seq) over w as before_seq
        from opsdeck.audit_chain c
        left join opsdeck._sealed(from_seal) s on s.login = c.login and s.actor = c.actor
        where c.seq >= coalesce(s.head_seq, 0)
        window w as (partition by c.login, c.actor order by c.seq)
    ), links as (
        select p.*, a.id, a.action, a.target, a.payload_json, a.created_at, a.actor as row_actor
        from places p left join {{.Schema}}.scheduler_admin_action_logs a on a.id = p.audit_id
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
    from {{.Schema}}.scheduler_admin_action_logs a
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
        when not exists (select from {{.Schema}}.scheduler_admin_action_logs a join opsdeck.audit_chain c on c.audit_id = a.id
            where c.login = $1 and c.actor = $2 and c.seq = $3) then 'row.missing'
        else 'row.changed' end
$$;
reset role;
