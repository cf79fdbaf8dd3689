-- The highest epoch on a run that a worker could still compare with a request's, and on the newest thousand runs. The
-- column has no index, so older finished runs are left out: nothing compares theirs.
select coalesce(max(leader_epoch), 0) from (
    select leader_epoch from scheduler_job_runs where state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED')
    union all
    (select leader_epoch from scheduler_job_runs order by id desc limit 1000)
) seen;
