-- The next pieces of a log.
select seq, chunk from opsdeck_node.run_log
where run_id = @id and attempt = @attempt and seq > @after
order by seq
limit 32;
