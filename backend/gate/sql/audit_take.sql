-- Takes the audit table over: another owner, who alone could change what is written, and the chain on every new row. This
-- is the one step that locks a table that others write, for as long as these statements take. Nothing is done, and
-- nothing locked, where it has been done.
do $$
declare
    trail constant oid := {{text .AuditTable}}::regclass;
    owner text;
    rights jsonb;
begin
    select rolname into owner from pg_class c join pg_roles r on r.oid = c.relowner where c.oid = trail;
    if owner = {{text .Names.Audit}} and (select taken from opsdeck.audit_taken)
        and (select count(*) from pg_trigger where tgrelid = trail and tgname in ('opsdeck_chain', 'opsdeck_chain_gate', 'opsdeck_refuse', 'opsdeck_refuse_truncate')
            and tgenabled = 'A') = 4 then
        return;
    end if;
    lock table {{.AuditTable}} in access exclusive mode;
    if owner <> {{text .Names.Audit}} then
        select coalesce(jsonb_agg(jsonb_build_object('to', g.rolname, 'may', a.privilege_type, 'on', c.relkind, 'further', a.is_grantable)), '[]') into rights
        from pg_class c, aclexplode(c.relacl) a left join pg_roles g on g.oid = a.grantee
        where c.oid in (trail, pg_get_serial_sequence({{text .AuditTable}}, 'id')::regclass) and a.grantee <> c.relowner
          and coalesce(g.rolname, '') not in ({{text .Names.Owner}}, {{text .Names.Audit}});
        execute format('grant create on schema {{.Schema}} to %I', {{text .Names.Audit}});
        alter table {{.AuditTable}} owner to {{.Audit}};
        execute format('revoke create on schema {{.Schema}} from %I', {{text .Names.Audit}});
    end if;
    set local role {{.Audit}};
    grant select, insert on {{.AuditTable}} to {{.Login}};
    if rights is not null then
        -- Another than the login may still write and dump.
        execute format('grant select, insert on {{.AuditTable}} to %I', owner);
        if pg_get_serial_sequence({{text .AuditTable}}, 'id') is not null then
            execute format('grant usage, select on sequence %s to %I', pg_get_serial_sequence({{text .AuditTable}}, 'id'), owner);
        end if;
        update opsdeck.audit_taken set owner_before = owner, rights_before = rights;
    end if;
    grant select, insert (actor, action, target, payload_json, created_at) on {{.AuditTable}} to {{.Owner}};
    if pg_get_serial_sequence({{text .AuditTable}}, 'id') is not null then
        execute format('grant usage, select on sequence %s to {{.Login}}, {{.Owner}}', pg_get_serial_sequence({{text .AuditTable}}, 'id'));
    end if;
    create or replace trigger opsdeck_chain after insert on {{.AuditTable}}
        for each row when (current_user <> {{text .Names.Owner}}) execute function opsdeck._audit_append('');
    create or replace trigger opsdeck_chain_gate after insert on {{.AuditTable}}
        for each row when (current_user = {{text .Names.Owner}}) execute function opsdeck._audit_append('gate');
    create or replace trigger opsdeck_refuse before update or delete on {{.AuditTable}}
        for each statement execute function opsdeck._audit_refuse();
    create or replace trigger opsdeck_refuse_truncate before truncate on {{.AuditTable}}
        for each statement execute function opsdeck._audit_refuse();
    alter table {{.AuditTable}} enable always trigger opsdeck_chain;
    alter table {{.AuditTable}} enable always trigger opsdeck_chain_gate;
    alter table {{.AuditTable}} enable always trigger opsdeck_refuse;
    alter table {{.AuditTable}} enable always trigger opsdeck_refuse_truncate;
    update opsdeck.audit_taken set taken = true, taken_at = now(), chained = false,
        before_id = coalesce((select max(id) from {{.AuditTable}}), 0);
    reset role;
end
$$;
