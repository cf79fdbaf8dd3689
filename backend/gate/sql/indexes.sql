-- Indexes that hold the runs of one job, one worker or one state in the order of the console's lists. They cost every
-- write a little; docs/performance.md has the figures. Each statement runs on its own: CONCURRENTLY allows no transaction.
create index concurrently if not exists opsdeck_run_job on {{.Schema}}.scheduler_job_runs (job_definition_id, created_at desc, id desc);
create index concurrently if not exists opsdeck_run_worker on {{.Schema}}.scheduler_job_runs (assigned_worker_id, created_at desc, id desc);
create index concurrently if not exists opsdeck_run_state on {{.Schema}}.scheduler_job_runs (state, created_at desc, id desc);
create index concurrently if not exists opsdeck_run_finished on {{.Schema}}.scheduler_job_runs (finished_at);
