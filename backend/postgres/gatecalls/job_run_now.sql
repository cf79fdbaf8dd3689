-- Makes a run of a job that is due now.
select o.* from opsdeck.job_run_now(@operation::uuid, @reason::text, @note::jsonb, @epoch::bigint,
  @job_id::bigint, @seen::timestamptz, @args::jsonb) as o
