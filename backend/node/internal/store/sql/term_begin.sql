-- Begins a term. The caller holds the lock of term_lock.sql.
with begun as (
    insert into opsdeck_node.term (epoch, worker_id, since) values (@epoch, @worker_id, @now)
)
update opsdeck_node.term_current set epoch = @epoch, worker_id = @worker_id, since = @now;
