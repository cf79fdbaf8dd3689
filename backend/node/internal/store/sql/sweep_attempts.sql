-- Looks through the next attempts, and removes those that nothing needs any more: their log has left the database, and
-- their run is gone or their time is over.
with stretch as (
    select run_id, attempt, ended_at, log_kept from opsdeck_node.run_attempt
    where (run_id, attempt) > (@run::bigint, @attempt::integer)
    order by run_id, attempt
    limit @most
), removed as (
    delete from opsdeck_node.run_attempt a
    using stretch s
    where a.run_id = s.run_id and a.attempt = s.attempt and not s.log_kept and s.ended_at is not null
      and (not exists (select from scheduler_job_runs r where r.id = s.run_id)
        or @keep::interval > '0' and s.ended_at < clock_timestamp() - @keep::interval)
    returning 1
), last as (
    select run_id, attempt from stretch order by run_id desc, attempt desc limit 1
)
select (select count(*) from stretch), (select count(*) from removed), coalesce(max(run_id), 0), coalesce(max(attempt), 0), '', ''
from last;
