-- The jobs that may fire.
select {{template "job_columns.sql"}}, null::jsonb as default_args_json, false as args_masked
from scheduler_job_definitions d
where d.enabled
order by d.name, d.id
