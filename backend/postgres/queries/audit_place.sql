{{/* Which entries lie beyond the cursor, in the time range. */ -}}
      (a.created_at, a.id) {{.Follows}} (@after_created_at::timestamptz, @after_id::bigint)
  and (@from::timestamptz is null or a.created_at >= @from)
  and (@before::timestamptz is null or a.created_at < @before)
