-- Appends output. A repetition after a lost answer changes nothing.
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select @id::bigint, @attempt::int, piece.seq, piece.at, piece.stream, piece.chunk
from unnest(@seqs::bigint[], @ats::timestamptz[], @streams::text[], @chunks::bytea[]) as piece(seq, at, stream, chunk)
on conflict (run_id, attempt, seq) do nothing;
