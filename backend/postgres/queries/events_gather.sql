-- Events that follow the cursor and match, found by gathering every match and sorting; see audit_gather.sql.
select {{template "event_columns.sql"}}
from (
  select * from (
    select * from {{.Event}} e
    where {{template "event_place.sql" .}} and {{template "event_filter.sql"}}
    offset 0
  ) e
  order by e.id {{.Order}}
  limit @page::int
) e
cross join lateral (select octet_length(e.payload_json::text) as size) payload
order by e.id desc
