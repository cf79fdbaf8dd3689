-- Ends the watch over runs whose end has been dealt with.
delete from opsdeck_node.retry_watch where run_id = any(@ids::bigint[]);
