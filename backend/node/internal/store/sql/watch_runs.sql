-- Watches the runs that workers of any kind have been given, where the job allows retries.
insert into opsdeck_node.retry_watch (run_id)
select r.id from scheduler_job_runs r
join scheduler_job_definitions d on d.id = r.job_definition_id
where r.state in ('ASSIGNED', 'RUNNING') and d.max_retries > 0
  and not exists (select from opsdeck_node.retry_watch w where w.run_id = r.id)
on conflict do nothing;
