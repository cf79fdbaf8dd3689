-- One run.
select {{template "run_columns.sql"}}
from run r left join job j on j.id = r.job_id
where r.id = @id
