-- Gives the audit table back to whom it was taken from, with the rights that others had and without our triggers: for a Django
-- migration of it. Rows written from now on are on no chain; the next install chains them.
do $$
declare
    taken jsonb := '{}';
    owner text;
    held record;
begin
    if to_regclass({{text .AuditTable}}) is null or not exists (
        select from pg_class c join pg_roles r on r.oid = c.relowner where c.oid = {{text .AuditTable}}::regclass and r.rolname = {{text .Names.Audit}}) then
        return;
    end if;
    lock table {{.AuditTable}} in access exclusive mode;
    drop trigger if exists opsdeck_chain on {{.AuditTable}};
    drop trigger if exists opsdeck_chain_gate on {{.AuditTable}};
    drop trigger if exists opsdeck_refuse on {{.AuditTable}};
    drop trigger if exists opsdeck_refuse_truncate on {{.AuditTable}};
    if to_regclass('opsdeck.audit_taken') is not null then
        select to_jsonb(t) into taken from opsdeck.audit_taken t; -- an older installation lacks some columns
        update opsdeck.audit_taken set taken = false;
    end if;
    owner := coalesce((select r.rolname from pg_roles r where r.rolname = taken ->> 'owner_before'), {{text .LoginName}});

    execute format('revoke all on {{.AuditTable}} from %I', owner);
    execute format('alter table {{.AuditTable}} owner to %I', owner);
    execute format('grant all on {{.AuditTable}} to %I', owner);
    for held in
        select c.oid::regclass as name, c.relkind, g.rolname
        from pg_class c, aclexplode(c.relacl) a join pg_roles g on g.oid = a.grantee
        where c.oid in ({{text .AuditTable}}::regclass, pg_get_serial_sequence({{text .AuditTable}}, 'id')::regclass)
          and a.grantee <> c.relowner and taken ->> 'owner_before' is not null
        group by 1, 2, 3
    loop
        execute format('revoke all on %s %s from %I', case held.relkind when 'S' then 'sequence' else 'table' end, held.name, held.rolname);
    end loop;
    for held in
        select c.oid::regclass as name, c.relkind, case when r ->> 'to' is null then 'public' else quote_ident(r ->> 'to') end as grantee,
            r ->> 'may' as may, (r ->> 'further')::boolean as further
        from jsonb_array_elements(coalesce(taken -> 'rights_before', '[]')) r
        join pg_class c on c.relkind::text = r ->> 'on'
          and c.oid in ({{text .AuditTable}}::regclass, pg_get_serial_sequence({{text .AuditTable}}, 'id')::regclass)
        where r ->> 'to' is null or exists (select from pg_roles g where g.rolname = r ->> 'to')
    loop
        execute format('grant %s on %s %s to %s%s', held.may, case held.relkind when 'S' then 'sequence' else 'table' end, held.name, held.grantee,
            case when held.further then ' with grant option' else '' end);
    end loop;
    execute 'grant select, insert on {{.AuditTable}} to {{.Owner}}';
    execute 'grant select on {{.AuditTable}} to {{.Audit}}';
    if pg_get_serial_sequence({{text .AuditTable}}, 'id') is not null then
        execute format('grant usage on sequence %s to {{.Owner}}', pg_get_serial_sequence({{text .AuditTable}}, 'id'));
    end if;
end
$$;
