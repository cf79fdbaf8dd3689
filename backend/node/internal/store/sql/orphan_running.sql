-- Takes runs back whose doubt was not answered in time, and keeps what is known of the lost attempt.
with lost as (
    select id, version, attempt from scheduler_job_runs
    where state = 'RUNNING' and continuation_state = 'CONFIRMING' and continuation_check_deadline_at < clock_timestamp()
    for update skip locked
), ended as (
    update opsdeck_node.run_attempt a
    set ended_at = @now, outcome = 'ORPHANED', note = 'confirming deadline exceeded'
    from lost
    where a.run_id = lost.id and a.attempt = lost.attempt and a.ended_at is null
)
update scheduler_job_runs r
set state = 'ORPHANED', assigned_worker_id = '', assigned_at = null, started_at = null, finished_at = null,
    exit_code = null, continuation_state = 'NONE', continuation_check_started_at = null,
    continuation_check_deadline_at = null, attempt = r.attempt + 1, leader_epoch = @epoch,
    error_summary = concat_ws(E'\n', nullif(r.error_summary, ''), 'orphaned: confirming deadline exceeded'),
    version = r.version + 1, updated_at = @now
from lost
where r.id = lost.id and r.version = lost.version and r.state = 'RUNNING';
