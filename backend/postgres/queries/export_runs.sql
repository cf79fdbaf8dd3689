-- The runs of a closed range of creation times that match, in the list's order, oldest first.
select {{template "run_columns.sql"}}
from scheduler_job_runs r left join scheduler_job_definitions d on d.id = r.job_definition_id
where r.created_at >= @from::timestamptz and r.created_at < @before::timestamptz and {{template "run_range.sql"}} and {{template "run_filter.sql"}}
order by r.created_at, r.id
