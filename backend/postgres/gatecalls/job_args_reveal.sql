-- Shows a job's arguments unmasked, to administrators.
select o.* from opsdeck.job_args_reveal(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint) as o
