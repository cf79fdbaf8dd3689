-- Events that follow an id and came in a span of time.
select {{template "event_columns.sql"}}
from {{.Event}} e
cross join lateral (select octet_length(e.payload_json::text) as size) payload
where e.id > @after_id::bigint and e.id <= @high_id::bigint and e.created_at >= @from::timestamptz and e.created_at < @before::timestamptz
order by e.id
limit @page::int
