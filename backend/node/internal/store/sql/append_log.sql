-- Appends output. A repetition after a lost answer changes nothing.
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select @id::bigint, @attempt::int, piece.seq, clock_timestamp() - piece.ago, piece.stream, piece.chunk
from unnest(@seqs::bigint[], @agos::interval[], @streams::text[], @chunks::bytea[]) as piece(seq, ago, stream, chunk)
on conflict (run_id, attempt, seq) do nothing;
