-- The runs that each worker should start now: its oldest due ones, as many as it has room for, so that no worker waits
-- for another's. A run of a job whose runs must not overlap waits for the one that runs.
with running as materialized (
    select assigned_worker_id as worker_id, job_definition_id as job_id from scheduler_job_runs where state = 'RUNNING'
), due as (
    select r.id, r.version, r.attempt, r.assigned_worker_id as worker_id, d.command_name, r.scheduled_for,
           d.default_args_json, d.timeout_seconds,
           row_number() over (partition by r.assigned_worker_id order by r.scheduled_for, r.id) as place
    from scheduler_job_runs r
    join scheduler_job_definitions d on d.id = r.job_definition_id
    where r.state = 'ASSIGNED' and r.scheduled_for <= @now and r.id <> all(@starting::bigint[])
      and (d.concurrency_policy = 'allow' or d.id not in (select job_id from running))
), room as (
    select worker.id, worker.slots - count(running.worker_id) as free
    from unnest(@workers::text[], @slots::int[]) as worker(id, slots)
    left join running on running.worker_id = worker.id
    group by worker.id, worker.slots
)
select due.id, due.version, due.attempt, due.worker_id, due.command_name,
       coalesce(a.args_json, due.default_args_json)::text as args, due.timeout_seconds
from due
join room on room.id = due.worker_id and due.place <= room.free
left join opsdeck_node.run_args a on a.run_id = due.id
order by due.worker_id, due.place;
