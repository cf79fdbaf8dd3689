-- Enabled jobs that wait for events. Which events is in their schedule.
select id, schedule from scheduler_job_definitions where enabled and type = 'event' order by id;
