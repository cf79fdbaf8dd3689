-- What this database has. The columns of the last migration stand for the migration itself: a cluster without Django
-- has no django_migrations, and a login that only views may not read it. to_regclass would raise an error for a schema
-- that the login may not use, hence the look into pg_class for the node's tables.
select
  to_regclass('scheduler_job_runs') is not null and to_regclass('scheduler_job_definitions') is not null as scheduler,
  exists (
    select from pg_attribute
    where attrelid = to_regclass('scheduler_job_runs') and attname = 'resource_cpu_seconds_total' and not attisdropped
  ) as current,
  readable.attempts, readable.logs, readable.terms, readable.args, readable.jobs, readable.audit,
  array(
    select first.attname::text
    from pg_index i
    join pg_attribute first on first.attrelid = i.indrelid and first.attnum = i.indkey[0]
    join pg_attribute second on second.attrelid = i.indrelid and second.attnum = i.indkey[1]
    where i.indrelid = to_regclass('scheduler_job_runs') and i.indisvalid and i.indpred is null
      and second.attname = 'created_at'
  ) as ordered_by,
  exists (
    select from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    join pg_opclass o on o.oid = i.indclass[0]
    where i.indrelid = to_regclass('scheduler_job_runs') and i.indisvalid
      and a.attname = 'error_summary' and o.opcname like '%\_trgm\_ops'
  ) as error_search,
  exists (
    select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'opsdeck' and p.proname = 'whoami' and has_schema_privilege(n.oid, 'usage')
      and has_function_privilege(p.oid, 'execute')
  ) as gate,
  exists (
    select from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'opsdeck' and c.relname = 'audit' and a.attname = 'chain_digest'
  ) as audit_links
from (
  select coalesce(bool_or(node and relname = 'run_attempt'), false) as attempts,
    coalesce(bool_or(node and relname = 'run_log'), false) as logs, coalesce(bool_or(node and relname = 'term'), false) as terms,
    case when bool_or(not node and relname = 'run_args') then 'opsdeck.run_args'
      when bool_or(node and relname = 'run_args') then 'opsdeck_node.run_args' else '' end as args,
    case when bool_or(not node and relname = 'job_definition') then 'opsdeck.job_definition' else 'scheduler_job_definitions' end as jobs,
    case when bool_or(not node and relname = 'audit') then 'opsdeck.audit'
      when has_table_privilege(to_regclass('scheduler_admin_action_logs'), 'select') then 'scheduler_admin_action_logs'
      else '' end as audit
  from (
    select relname, nspname = 'opsdeck_node' as node
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where (nspname = 'opsdeck_node' or nspname = 'opsdeck' and relname in ('audit', 'job_definition', 'run_args')) and has_schema_privilege(n.oid, 'usage')
      and has_table_privilege(c.oid, 'select')
  ) ours
) readable
