-- Open runs of any age, by state.
select state, count(*) as runs
from scheduler_job_runs
where state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED')
group by state
