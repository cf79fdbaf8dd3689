-- The chunks of a log that follow a place: as many as fit into a number of bytes, but at least one. Only their lengths
-- are read for what doesn't fit.
select seq, at, stream, chunk as data, last_seq
from (
  select *, sum(octet_length(chunk)) over (order by seq) as total,
    min(seq) over () as first_seq, max(seq) over () as last_seq
  from (
    select seq, at, stream, chunk
    from opsdeck_node.run_log
    where run_id = @run_id and attempt = @attempt and seq > @after
    order by seq
    limit @max_chunks::int
  ) next
) measured
where seq = first_seq or total <= @max_bytes::bigint
order by seq
