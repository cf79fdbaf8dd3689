-- What there is to install on, and what is installed. Without installation its columns are null.
select current_database()::text as database, current_setting('server_version_num')::int as server_version,
    current_user::text as installer, r.rolsuper as superuser, r.rolcreaterole as creates_roles,
    has_database_privilege(current_database(), 'create') as creates_schemas,
    coalesce(n.nspname, '')::text as schema, coalesce(o.rolname, '')::text as trail_owner,
    coalesce(pg_has_role(o.oid, 'usage'), false) as is_owner,
    coalesce(has_schema_privilege(n.oid, 'create with grant option') or has_schema_privilege('public', n.oid, 'create'), false) as gives_create,
    to_regnamespace('opsdeck') is not null as has_schema, to_regclass('opsdeck.installation') is not null as installed
from pg_catalog.pg_roles r
left join pg_catalog.pg_class c on c.oid = to_regclass($1)
left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_roles o on o.oid = c.relowner
where r.rolname = current_user
