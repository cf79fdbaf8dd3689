-- Looks through the next arguments of single runs, and removes those whose run is gone.
with stretch as (
    select run_id from opsdeck_node.run_args where run_id > @run::bigint order by run_id limit @most
), removed as (
    delete from opsdeck_node.run_args a
    using stretch s
    where a.run_id = s.run_id and not exists (select from scheduler_job_runs r where r.id = s.run_id)
    returning 1
)
select count(*), (select count(*) from removed), coalesce(max(run_id), 0), 0, '', '' from stretch;
