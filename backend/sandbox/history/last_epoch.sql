-- The newest epoch: epochs only grow, so it is among the newest runs that have one.
select coalesce(max(leader_epoch), 0)
from (select leader_epoch from scheduler_job_runs order by id desc limit 1000) as newest;
