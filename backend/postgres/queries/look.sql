-- The server's clock, and whether this login may see which version of the gate is installed.
select clock_timestamp() as now,
  exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'opsdeck' and c.relname = 'installation' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
  ) as visible
