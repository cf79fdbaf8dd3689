-- Gives the audit table back to the login that had it, without our triggers: for a Django migration of it. Rows written
-- from now on are on no chain; the next install chains them.
do $$
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
    execute 'revoke all on {{.AuditTable}} from {{.Login}}';
    alter table {{.AuditTable}} owner to {{.Login}};
    execute 'grant all on {{.AuditTable}} to {{.Login}}';
    execute 'grant select, insert on {{.AuditTable}} to {{.Owner}}';
    execute 'grant select on {{.AuditTable}} to {{.Audit}}';
    if to_regclass('opsdeck.audit_taken') is not null then
        update opsdeck.audit_taken set taken = false;
    end if;
end
$$;
