-- Entries of the audit that follow the cursor, up to the edge of a stretch, and match.
select {{template "audit_columns.sql" .}}
from (
  select * from {{.Audit}} a
  where {{template "audit_place.sql" .}} and (@edge::timestamptz is null or a.created_at {{.Within}} @edge)
    and {{template "audit_filter.sql"}}
  order by a.created_at {{.Order}}, a.id {{.Order}}
  limit @page::int
) a
cross join lateral (select octet_length(a.payload_json::text) as size) detail
order by a.created_at desc, a.id desc
