-- Notes that no piece of a log is left in the database.
update opsdeck_node.run_attempt set log_kept = false, log_retry_at = null where run_id = @id and attempt = @attempt;
