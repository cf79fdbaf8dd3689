-- Every table of the schema public as lines of text: columns, constraints, indexes, triggers. An id from a sequence
-- reads as one from an identity: Django made the one up to version 4.0 and the other since, and both fill themselves.
select line from (
    select format('%s %s: %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then '' else ' null' end,
        case when a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like format('nextval(''%s_%s_seq''%%', c.relname, a.attname) then ' numbered'
            when a.atthasdef then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped
    union all
    select format('%s constraint %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select format('%s index: %s', tablename, indexdef) from pg_indexes where schemaname = 'public'
    union all
    select format('%s trigger: %s', tgrelid::regclass, tgname) from pg_trigger where not tgisinternal
) everything
order by line collate "C"
