-- What PUBLIC may do in this database that does harm with a login that only reads: fill the disk with large objects, hold
-- locks that others wait for, keep old rows from being cleaned up, hide tables behind temporary ones. own: the schedulers'
-- login ($1) has it also without PUBLIC.
select 'function' as kind, p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as name,
    exists (select from aclexplode(p.proacl) a where a.grantee = to_regrole(quote_ident($1)) and a.privilege_type = 'EXECUTE') as own
from pg_catalog.pg_proc p
where p.pronamespace = 'pg_catalog'::regnamespace
  and (p.proname ~ '^lo_(creat|create|from_bytea|import|put)$' or p.proname in ('pg_logical_emit_message', 'pg_export_snapshot')
    or p.proname ~ '^pg_(try_)?advisory_')
  and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
union all
select 'database', lower(a.privilege_type),
    exists (select from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) o where o.grantee = to_regrole(quote_ident($1)) and o.privilege_type = a.privilege_type)
from pg_catalog.pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
where d.datname = current_database() and a.grantee = 0 and a.privilege_type in ('CONNECT', 'TEMPORARY')
union all
select 'schema', n.nspname,
    exists (select from aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) o where o.grantee = to_regrole(quote_ident($1)) and o.privilege_type = 'CREATE')
from pg_catalog.pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'
order by 1, 2
