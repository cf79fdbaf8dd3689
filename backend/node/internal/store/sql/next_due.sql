-- When the next assigned run is due, for the leader to wake at that moment.
select min(scheduled_for) from scheduler_job_runs where state = 'ASSIGNED' and scheduled_for > @now;
