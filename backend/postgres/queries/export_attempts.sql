-- The attempts at some runs that nodes recorded; see attempts.sql.
select run_id, attempt, worker_id, leader_epoch, started_at, ended_at, outcome, exit_code, note,
  coalesce(to_jsonb(a) ->> 'log_ref', '') as log_ref, to_jsonb(a) -> 'log_kept' = 'false'::jsonb as log_gone
from opsdeck_node.run_attempt a
where run_id = any(@ids::bigint[])
order by run_id, attempt
