-- How many runs a job ever had.
select count(*) as runs from scheduler_job_runs where job_definition_id = @job_id
