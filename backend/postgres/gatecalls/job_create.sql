-- Makes a job.
select o.* from opsdeck.job_create(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint, @job::jsonb) as o
