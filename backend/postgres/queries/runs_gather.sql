-- Runs that follow the cursor and match, found by gathering every match and sorting. The fence (offset 0) keeps the
-- planner from walking the list in the belief that matches are spread evenly over time.
select {{template "run_columns.sql"}}
from (
  select * from (
    select * from scheduler_job_runs r
    where {{template "run_place.sql" .}} and {{template "run_filter.sql"}}
    offset 0
  ) r
  order by r.created_at {{.Order}}, r.id {{.Order}}
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.created_at desc, r.id desc
