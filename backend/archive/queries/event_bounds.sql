-- The first and the last id of an event.
select coalesce(min(id), 1), coalesce(max(id), 0) from event
