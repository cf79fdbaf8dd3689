-- What decides whether a worker may go on with a run.
select state, assigned_worker_id as worker_id, coalesce(leader_epoch, 0) as epoch,
       continuation_state = 'CONFIRMING' and continuation_check_deadline_at <= clock_timestamp() as expired
from scheduler_job_runs
where id = @id;
