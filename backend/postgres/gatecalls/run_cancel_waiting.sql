-- Cancels a run that nobody has started.
select o.* from opsdeck.run_cancel_waiting(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @run_id::bigint, @seen_version::integer) as o
