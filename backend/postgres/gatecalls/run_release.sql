-- Sends the runs back that wait for a worker, inside of a begun operation.
select o.* from opsdeck.run_release(@operation::uuid, @worker_id::text) as o
