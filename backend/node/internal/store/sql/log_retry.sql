-- Leaves a log that could not be moved alone for a while.
update opsdeck_node.run_attempt set log_retry_at = clock_timestamp() + @wait::interval where run_id = @id and attempt = @attempt;
