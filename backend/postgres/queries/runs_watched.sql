-- What became of watched runs: of watched jobs those that are open and those that were created lately, others by their id.
select {{template "window_columns.sql"}}, coalesce(d.name, '') as job_name, now() as as_of
from scheduler_job_runs r
left join scheduler_job_definitions d on d.id = r.job_definition_id
where r.id in (
  (
    select id from scheduler_job_runs
    where job_definition_id = any(@jobs::bigint[]) and created_at >= now() - @back::interval
    order by created_at desc, id desc
    limit @page::int
  )
  union
  (
    select id from scheduler_job_runs
    where job_definition_id = any(@jobs::bigint[]) and state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED')
    limit @page::int
  )
  union
  select unnest(@ids::bigint[])
)
order by r.created_at desc, r.id desc
limit @page::int
