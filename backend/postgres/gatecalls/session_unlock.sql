-- Writes down that operations are possible for a while in an environment that opens read-only.
select o.* from opsdeck.session_unlock(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @minutes::integer) as o
