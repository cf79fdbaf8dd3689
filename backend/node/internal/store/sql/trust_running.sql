-- Ends the doubt about runs whose worker is back in time and says that it still has them in hand.
with trusted as (
    select run.id, run.version
    from scheduler_job_runs run
    join unnest(@reporting::text[], @reported::text[]) as said(worker_id, run_id)
      on said.worker_id = run.assigned_worker_id and said.run_id = run.id::text
    where run.state = 'RUNNING' and run.continuation_state = 'CONFIRMING'
      and run.continuation_check_deadline_at > clock_timestamp()
    for update of run skip locked
)
update scheduler_job_runs r
set continuation_state = 'NONE', continuation_check_started_at = null, continuation_check_deadline_at = null,
    version = r.version + 1, updated_at = @now
from trusted
where r.id = trusted.id and r.version = trusted.version and r.state = 'RUNNING';
