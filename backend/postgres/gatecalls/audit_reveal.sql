-- Shows an audit entry's detail unmasked, to administrators.
select o.* from opsdeck.audit_reveal(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @audit_row::bigint) as o
