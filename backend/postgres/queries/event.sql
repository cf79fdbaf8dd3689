-- One event.
select {{template "event_columns.sql"}}
from {{.Event}} e
cross join lateral (select octet_length(e.payload_json::text) as size) payload
where e.id = @id
