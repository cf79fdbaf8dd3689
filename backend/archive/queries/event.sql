-- One event.
select id, type, case when length(payload) <= @detail_limit then payload end as payload, size, dedupe_key, created_at, processed_at
from event where id = @id
