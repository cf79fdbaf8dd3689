-- How long a log is.
select coalesce(sum(length(chunk)), 0)::bigint from opsdeck_node.run_log where run_id = @id and attempt = @attempt;
