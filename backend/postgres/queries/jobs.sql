-- Every job with what became of its latest runs. Both lateral parts read the newest end of the unique index
-- (job_definition_id, scheduled_for), a bounded number of rows a job. Runs without a due time are in neither.
select {{template "job_columns.sql"}}, null::jsonb as default_args_json, false as args_masked,
  last.id as last_id, last.state as last_state, last.scheduled_for as last_scheduled_for,
  last.finished_at as last_finished_at, recent.succeeded, recent.ended
from scheduler_job_definitions d
left join lateral (
  select r.id, r.state, r.scheduled_for, r.finished_at
  from scheduler_job_runs r
  where r.job_definition_id = d.id and r.scheduled_for is not null
    and (r.scheduled_for <= now() or r.finished_at is not null)
  order by r.scheduled_for desc
  limit 1
) last on true
cross join lateral (
  select count(*) filter (where state = 'SUCCEEDED') as succeeded,
    count(*) filter (where state in ('SUCCEEDED', 'FAILED', 'TIMED_OUT')) as ended
  from (
    select r.state from scheduler_job_runs r
    where r.job_definition_id = d.id and r.scheduled_for is not null
    order by r.scheduled_for desc
    limit @recent::int
  ) newest
) recent
order by d.name, d.id
