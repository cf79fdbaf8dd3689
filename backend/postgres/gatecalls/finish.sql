-- Writes down how such an operation ended.
select o.* from opsdeck.operation_finish(@operation::uuid, @result::text, @observed::jsonb) as o
