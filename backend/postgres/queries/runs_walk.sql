-- Runs that follow the cursor and match, found by walking the list itself and stopping at a full page. About @walk runs are
-- looked at: with ties, runs of one moment stay together, so that only those that match need sorting by id.
select {{template "run_columns.sql"}}
from (
  select * from (
    select * from scheduler_job_runs r
    where {{template "run_place.sql" .}}
    order by r.created_at {{.Order}}
    fetch first (@walk::bigint) rows with ties
  ) r
  where {{template "run_filter.sql"}}
  order by r.created_at {{.Order}}, r.id {{.Order}}
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
order by r.created_at desc, r.id desc
