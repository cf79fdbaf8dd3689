-- Takes everything away but the audit rows, the logins of operators, and the Django permissions that somebody has been
-- given.
do $$
declare
    installer text := (select r.rolname from opsdeck.installation i join pg_roles r on r.rolname = i.installed_by and not r.rolsuper);
begin
    if installer is not null then
        execute format('revoke insert (actor, action, target, payload_json, created_at) on {{.AuditTable}} from %I', installer);
    end if;
end
$$;
drop schema if exists opsdeck cascade;
delete from {{.Schema}}.auth_permission p
using {{.Schema}}.django_content_type c
where c.id = p.content_type_id and c.app_label = {{text .AppLabel}} and c.model = 'console' and p.codename in ('ops_view', 'ops_operator', 'ops_admin')
  and not exists (select from {{.Schema}}.auth_user_user_permissions up where up.permission_id = p.id)
  and not exists (select from {{.Schema}}.auth_group_permissions gp where gp.permission_id = p.id);
delete from {{.Schema}}.django_content_type c
where c.app_label = {{text .AppLabel}} and c.model = 'console'
  and not exists (select from {{.Schema}}.auth_permission p where p.content_type_id = c.id);
do $$
declare
    name text;
begin
    if exists (select from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = {{text .Names.Audit}}) then
        raise exception '% still owns tables: nothing was removed', {{text .Names.Audit}};
    end if;
    foreach name in array array[{{text .Names.Admin}}, {{text .Names.Operator}}, {{text .Names.View}}, {{text .Names.Owner}}, {{text .Names.Audit}}] loop
        if exists (select from pg_roles where rolname = name) then
            if not (select rolsuper from pg_roles where rolname = current_user) then
                execute format('grant %I to %I', name, current_user);
            end if;
            execute format('drop owned by %I', name);
            execute format('drop role %I', name);
        end if;
    end loop;
end
$$;
