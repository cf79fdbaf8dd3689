-- Where the next stretch of the events ends, of @stretch events.
select coalesce({{.Farthest}}(id), 0) as edge, count(*) as looked
from (
  select e.id from {{.Event}} e
  where {{template "event_place.sql" .}}
  order by e.id {{.Order}}
  limit @stretch::bigint
) e
