-- Takes the oldest logs whose time in the database is over. A claim lasts for a while, so that another node takes the log
-- up if this one is killed.
update opsdeck_node.run_attempt a
set log_retry_at = clock_timestamp() + @lease::interval
from (
    select run_id, attempt from opsdeck_node.run_attempt
    where log_kept and ended_at < clock_timestamp() - @retention::interval
      and (log_retry_at is null or log_retry_at <= clock_timestamp())
    order by ended_at
    limit @most
    for update skip locked
) claimed
where a.run_id = claimed.run_id and a.attempt = claimed.attempt
returning a.run_id, a.attempt, a.worker_id, a.log_ref,
    exists (select from scheduler_job_runs r where r.id = a.run_id) as wanted;
