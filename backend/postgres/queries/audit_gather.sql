-- Entries of the audit that follow the cursor and match, found by gathering every match and sorting. The fence (offset 0)
-- keeps the planner from walking the list in the belief that matches are spread evenly over time.
select {{template "audit_columns.sql" .}}
from (
  select * from (
    select * from {{.Audit}} a
    where {{template "audit_place.sql" .}} and {{template "audit_filter.sql"}}
    offset 0
  ) a
  order by a.created_at {{.Order}}, a.id {{.Order}}
  limit @page::int
) a
cross join lateral (select octet_length(a.payload_json::text) as size) detail
order by a.created_at desc, a.id desc
