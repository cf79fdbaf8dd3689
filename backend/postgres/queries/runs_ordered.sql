-- Runs that follow the cursor and match, where an optional index holds the matches in the list's order.
select {{template "run_columns.sql"}}
from (
  select * from scheduler_job_runs r
  where {{template "run_place.sql" .}} and {{template "run_filter.sql"}}
  order by r.created_at {{.Order}}, r.id {{.Order}}
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.created_at desc, r.id desc
