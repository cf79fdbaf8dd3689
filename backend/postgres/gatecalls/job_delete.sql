-- Removes a job with all its runs, unless there are more or fewer than were seen.
select o.* from opsdeck.job_delete(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint, @seen::timestamptz, @seen_runs::bigint) as o
