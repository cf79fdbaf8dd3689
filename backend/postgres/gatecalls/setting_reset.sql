-- Removes a setting.
select o.* from opsdeck.setting_reset(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @key::text, @seen::timestamptz) as o
