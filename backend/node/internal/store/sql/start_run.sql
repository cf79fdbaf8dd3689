-- Takes an assigned run in hand, if it is still this worker's, no newer leader has touched it and the request is not
-- from before an orphaning. The row of the attempt is made with it.
with started as (
    update scheduler_job_runs
    set state = 'RUNNING', started_at = clock_timestamp(), attempt = @attempt, log_ref = @log_ref, version = version + 1,
        updated_at = clock_timestamp()
    where id = @id and state = 'ASSIGNED' and assigned_worker_id = @worker_id
      and coalesce(leader_epoch, 0) <= @request_epoch and attempt <= @attempt
    returning id, attempt, leader_epoch
), noted as (
    insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, grace)
    select id, attempt, @worker_id, coalesce(leader_epoch, 0), clock_timestamp(), @grace from started
)
select leader_epoch from started;
