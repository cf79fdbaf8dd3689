-- The latest runs of a job, as short as their outcome needs.
select id, state, scheduled_for, assigned_at, started_at, finished_at, created_at, updated_at
from run indexed by run_job
where job_id = @job and n <= @high
order by n desc limit @page
