-- Events that nobody has processed, oldest first. Young ones are left for a moment: the application that takes events
-- in makes their runs itself, and may not be done.
select id, event_type, coalesce(dedupe_key, '') as dedupe_key, created_at
from scheduler_events
where processed_at is null and created_at >= (select since from opsdeck_node.planned)
  and (created_at <= @settled or created_at > @now)
order by created_at, id
limit 100
for update skip locked;
