-- The requests for a reload of a span of time, by id.
select id, requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch,
  case when octet_length(result_json::text) <= @result_limit::int then result_json end as result
from {{.Reload}}
where requested_at >= @from::timestamptz and requested_at < @before::timestamptz
order by id
