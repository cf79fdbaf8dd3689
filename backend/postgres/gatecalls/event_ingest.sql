-- Tells the scheduler of an event.
select o.* from opsdeck.event_ingest(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @event_type::text, @payload::jsonb, @dedupe_key::text) as o
