-- What the audit has about jobs, newest first: one job's, or every job's.
select id, created_at, actor, action, target, detail
from audit
where action in ('job.create', 'job.update', 'job.enable', 'job.disable', 'job.duplicate', 'job.delete', 'job.run')
  {{if .Target}}and target = @target{{end}} and created_at >= @since and created_at <= @at
order by n desc
limit @page
