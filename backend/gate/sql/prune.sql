-- Deletes the oldest operations that ended longer ago than is kept, with what they had written down inside.
with old as (
    select id from opsdeck.operation
    where state in ('direct', 'closed') and coalesce(finished_at, begun_at) < clock_timestamp() - $1::interval
    limit $2
), inside as (
    delete from opsdeck.operation_effect e using old where e.operation = old.id
)
delete from opsdeck.operation o using old where o.id = old.id
