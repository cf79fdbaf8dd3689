-- How the latest runs of a job went that are due or done: the newest end of the unique index
-- (job_definition_id, scheduled_for).
select state, scheduled_for, started_at, finished_at
from scheduler_job_runs
where job_definition_id = @job_id and scheduled_for is not null and (scheduled_for <= now() or finished_at is not null)
order by scheduled_for desc
limit @page::int
