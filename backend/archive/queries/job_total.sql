-- How many runs a job has in a span of creation times, by days.
select coalesce(sum(runs), 0) from job_day where day >= @from and day < @before and job_id = @job
