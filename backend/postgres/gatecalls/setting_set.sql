-- Writes a setting.
select o.* from opsdeck.setting_set(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @key::text, @value::jsonb, @seen::timestamptz) as o
