-- How many runs of each job are in which state, in the whole archive.
select job_id, state, sum(runs) from job_day group by 1, 2
