-- The runs of a range of places that an event made: those whose key names it and their own job.
select r.id, r.job_id, coalesce(j.name, ''), r.state, r.assigned_at, r.started_at, r.finished_at, r.updated_at
from run r left join job j on j.id = r.job_id
where r.n between @low and @high and r.idempotency_key = @key || r.job_id limit @page
