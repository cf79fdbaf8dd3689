-- The runs that events made: those whose key names the event and their own job. No index holds the keys, so they are looked
-- for among the runs of the moments in which the event came and was taken in.
select e.id as event_id, r.id as run_id, r.job_definition_id, coalesce(d.name, '') as job_name, r.state
from unnest(@ids::bigint[], @keys::text[], @since::timestamptz[], @until::timestamptz[]) as e (id, key, since, until)
cross join lateral (
  select r.id, r.job_definition_id, r.state from scheduler_job_runs r
  where r.created_at >= e.since and r.created_at <= e.until and r.idempotency_key = e.key || r.job_definition_id
  limit @page::int
) r
left join scheduler_job_definitions d on d.id = r.job_definition_id
group by 1, 2, 3, 4, 5
order by 1, 2
