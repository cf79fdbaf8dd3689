-- Indexes of ours that a build left unusable, or all of them.
select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indexrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname like 'opsdeck\_run\_%' and ($2 or not i.indisvalid)
order by 1
