-- What the audit has about jobs, newest first: one job's, or every job's. The index on actions finds them; operators
-- write a few a day.
select id, created_at, actor, action, target,
  case when jsonb_typeof(payload_json) = 'object' then coalesce(payload_json ->> 'reason', '') else '' end as reason,
  case when jsonb_typeof(payload_json -> 'detail' -> 'changed') = 'object' and octet_length(payload_json::text) <= @detail_limit::int
    then payload_json -> 'detail' -> 'changed' end as changed
from {{.From}}
where action in ('job.create', 'job.update', 'job.enable', 'job.disable', 'job.duplicate', 'job.delete', 'job.run')
  and (@target::text is null or target = @target) and (@since::timestamptz is null or created_at >= @since)
order by created_at desc, id desc
limit @page::int
