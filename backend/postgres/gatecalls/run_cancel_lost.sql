-- Cancels a running run that no worker holds, inside of a begun operation.
select o.* from opsdeck.run_cancel_lost(@operation::uuid, @run_id::bigint, @seen_version::integer) as o
