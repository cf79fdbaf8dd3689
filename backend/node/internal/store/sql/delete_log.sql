-- Deletes the first pieces of a log.
delete from opsdeck_node.run_log l
using (
    select seq from opsdeck_node.run_log where run_id = @id and attempt = @attempt order by seq limit @most
) first
where l.run_id = @id and l.attempt = @attempt and l.seq = first.seq;
