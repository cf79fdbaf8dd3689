-- Makes a new run of one that is over.
select o.* from opsdeck.run_rerun(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @run_id::bigint, @seen_version::integer) as o
