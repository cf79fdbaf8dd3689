-- The jobs that may fire.
select {{template "job_columns.sql"}}
from scheduler_job_definitions d
where d.enabled
order by d.name, d.id
