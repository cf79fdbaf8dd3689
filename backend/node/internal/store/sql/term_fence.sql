-- One row while this leader's term is the current one, with the database's time, which a leader goes by. Held until the
-- end of the transaction: whoever begins a newer term waits for it, and what this transaction wrote was written in its
-- own term.
select clock_timestamp() from opsdeck_node.term_current where epoch = @epoch and worker_id = @worker_id for share;
