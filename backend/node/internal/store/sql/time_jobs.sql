-- Enabled jobs that a schedule starts.
select id, name, schedule from scheduler_job_definitions where enabled and type = 'time' order by id;
