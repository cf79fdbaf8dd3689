-- Events that follow the cursor, up to the edge of a stretch, and match.
select {{template "event_columns.sql"}}
from (
  select * from {{.Event}} e
  where {{template "event_place.sql" .}} and (@edge::bigint is null or e.id {{.Within}} @edge)
    and {{template "event_filter.sql"}}
  order by e.id {{.Order}}
  limit @page::int
) e
cross join lateral (select octet_length(e.payload_json::text) as size) payload
order by e.id desc
