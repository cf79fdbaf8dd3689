-- Lets a job fire, or not.
select o.* from opsdeck.job_set_enabled(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint, @seen::timestamptz, @enabled::boolean) as o
