-- The epochs of leaders that assigned runs created in a window, oldest first, with when each first did: what is known of terms
-- where no node records them. Who led is not known.
select leader_epoch as epoch, '' as worker_id, min(assigned_at) as since,
  lead(min(assigned_at)) over (order by leader_epoch) as until
from scheduler_job_runs
where created_at >= @from::timestamptz and created_at < @to::timestamptz
  and leader_epoch is not null and assigned_at is not null
group by leader_epoch
order by leader_epoch desc
limit @page::int
