-- Copies a job; the copy is disabled.
select o.* from opsdeck.job_duplicate(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint, @seen::timestamptz, @name::text) as o
