-- The logs of some runs, as far as the database keeps them.
select run_id, attempt, seq, at, stream, chunk as data
from opsdeck_node.run_log
where run_id = any(@ids::bigint[])
order by run_id, attempt, seq
