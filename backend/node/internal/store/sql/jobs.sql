-- Enabled jobs, and what is due when or waits for which event.
select id, name, type, schedule, updated_at from scheduler_job_definitions where enabled order by id;
