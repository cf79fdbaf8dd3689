-- One job.
select {{template "job_columns.sql"}}
from scheduler_job_definitions d
where d.id = @id
