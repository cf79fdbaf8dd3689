{{/* Which runs lie beyond the cursor, in the time range. Only as a row comparison can this use the index on created_at, not with OR. */ -}}
      (r.created_at, r.id) {{.Follows}} (@after_created_at::timestamptz, @after_id::bigint)
  and {{template "run_range.sql"}}
