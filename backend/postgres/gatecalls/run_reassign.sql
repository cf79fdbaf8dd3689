-- Puts a run back in line, or a new one in its place.
select o.* from opsdeck.run_reassign(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @run_id::bigint, @seen_version::integer, @worker_gone::boolean, @skip_after_seconds::integer) as o
