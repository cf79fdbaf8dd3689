-- Shows a run's arguments unmasked, to administrators.
select o.* from opsdeck.run_args_reveal(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @run_id::bigint) as o
