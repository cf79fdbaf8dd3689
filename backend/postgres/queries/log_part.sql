-- The chunks of a log that follow a place, and what its run is at the same moment: as many as fit into a number of bytes,
-- but at least one. Only their lengths are read for what doesn't fit. Where nothing follows, or this login sees no logs,
-- there is one row without a chunk.
select r.state, r.attempt as run_attempt, r.version, {{if .}}c.seq, c.at, c.stream, c.data, c.last_seq{{else}}
  null::bigint as seq, null::timestamptz as at, null::text as stream, null::bytea as data, null::bigint as last_seq{{end}}
from scheduler_job_runs r
{{- if .}}
left join (
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
) c on true
{{- end}}
where r.id = @run_id
order by seq
