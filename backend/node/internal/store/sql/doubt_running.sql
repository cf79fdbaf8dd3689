-- Doubts runs whose worker went silent, or tells what it has in hand and does not name them. The run stays RUNNING and
-- nobody may reassign it before the deadline.
with said as (
    select * from unnest(@reporting::text[], @reported::text[]) as said(worker_id, run_id)
), doubted as (
    select id, version from scheduler_job_runs run
    where state = 'RUNNING' and (continuation_state <> 'CONFIRMING' or continuation_check_deadline_at is null)
      and (assigned_worker_id <> all(@active::text[]) and (@gone::text[] is null or assigned_worker_id = any(@gone::text[]))
           or started_at < @settled
              and exists (select from said where said.worker_id = run.assigned_worker_id)
              and not exists (select from said where said.worker_id = run.assigned_worker_id and said.run_id = run.id::text))
    for update skip locked
)
update scheduler_job_runs r
set continuation_state = 'CONFIRMING', continuation_check_started_at = clock_timestamp(),
    continuation_check_deadline_at = clock_timestamp() + greatest(@confirm::interval, (
        select a.grace from opsdeck_node.run_attempt a
        where a.run_id = r.id and a.attempt = r.attempt and a.worker_id = r.assigned_worker_id)),
    version = r.version + 1, updated_at = @now
from doubted
where r.id = doubted.id and r.version = doubted.version and r.state = 'RUNNING';
