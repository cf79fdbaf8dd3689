-- One run.
select {{template "run_columns.sql"}}
from scheduler_job_runs r left join scheduler_job_definitions d on d.id = r.job_definition_id
where r.id = @id
