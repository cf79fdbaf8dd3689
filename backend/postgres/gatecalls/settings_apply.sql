-- Asks the leader to make every worker read the settings again.
select o.* from opsdeck.settings_apply(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint) as o
