-- Replaces a job's definition, unless it was changed after it was seen.
select o.* from opsdeck.job_update(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint, @seen::timestamptz, @job::jsonb) as o
