-- Whether an attempt is still its worker's, whether it is doubted, and how much time is left then. The lock waits for a
-- doubt that is just being written: an undoubted run stays this worker's for the whole grace from now on.
select continuation_state = 'CONFIRMING' as doubted,
       coalesce(extract(epoch from continuation_check_deadline_at - clock_timestamp()), 0)::float8 as seconds_left
from scheduler_job_runs
where id = @id and state = 'RUNNING' and assigned_worker_id = @worker_id and attempt = @attempt
  and leader_epoch is not distinct from @assigned_in
for share;
