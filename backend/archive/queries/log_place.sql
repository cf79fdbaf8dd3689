-- The place of the run that a block of logs belongs to.
select r.n from log l join run r on r.id = l.run_id where l.id = @id
