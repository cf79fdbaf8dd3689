-- The roles of one database. Roles belong to the whole server, hence the prefix; a comment on each says whose it is, so
-- that no other database's roles are taken for ours.
do $$
declare
    role_name text;
    mark constant text := {{text .Mark}};
    found text;
begin
    foreach role_name in array array[{{text .Names.View}}, {{text .Names.Operator}}, {{text .Names.Admin}}, {{text .Names.Owner}}, {{text .Names.Audit}}] loop
        if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
            execute format('comment on role %I is %L', role_name, mark);
        else
            select shobj_description(oid, 'pg_authid') into found from pg_catalog.pg_roles where rolname = role_name;
            if found is distinct from mark then
                raise exception 'role % belongs to something else (%); choose another prefix', role_name, coalesce(found, 'it has no comment')
                    using errcode = 'duplicate_object';
            end if;
        end if;
    end loop;
end
$$;
grant {{.View}} to {{.Operator}};
grant {{.Operator}} to {{.Admin}};
