-- The attempts at a run that nodes recorded, in order.
select attempt, worker_id, leader_epoch, started_at, ended_at, outcome, exit_code, note, log_ref, log_gone
from attempt where run_id = @id order by attempt
