-- Ends an attempt, also one whose run was taken away in between.
update opsdeck_node.run_attempt
set ended_at = clock_timestamp() - @ago::interval, outcome = case when outcome = '' then @state else outcome end, exit_code = @exit_code,
    note = case when outcome = '' then @note else note end
where run_id = @id and attempt = @attempt and worker_id = @worker_id;
