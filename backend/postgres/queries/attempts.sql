-- The attempts at a run that nodes recorded, in order. Tables that an older node made don't tell where logs are.
select attempt, worker_id, leader_epoch, started_at, ended_at, outcome, exit_code, note,
  coalesce(to_jsonb(a) ->> 'log_ref', '') as log_ref, to_jsonb(a) -> 'log_kept' = 'false'::jsonb as log_gone
from opsdeck_node.run_attempt a
where run_id = @id
order by attempt
