-- The next blocks of a log that hold chunks after a place.
select id, last_seq, size, chunks, text from log
where run_id = @run and attempt = @attempt and last_seq > @after
order by last_seq limit 2
