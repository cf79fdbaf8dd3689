-- Marks events as processed.
update scheduler_events set processed_at = @now where id = any(@ids::bigint[]);
