-- The current term, locked against every leader's write until the new one has begun.
select epoch, worker_id from opsdeck_node.term_current for update;
