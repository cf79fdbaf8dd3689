-- Shows an event's payload unmasked, to administrators.
select o.* from opsdeck.event_reveal(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @event_id::bigint) as o
