-- Writes down that an operation outside of this database is about to be done.
select o.* from opsdeck.operation_begin(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @action::text, @target::text, @detail::jsonb) as o
