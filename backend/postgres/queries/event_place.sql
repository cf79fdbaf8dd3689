{{/* Which events lie beyond the cursor, among those that may be in the time range. */ -}}
  e.id {{.Follows}} @after_id::bigint and e.id >= @low_id::bigint and e.id <= @high_id::bigint
