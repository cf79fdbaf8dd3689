-- The newest requests for a reload; what each worker answered to the newest alone.
select id, requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch,
  case when octet_length(result_json::text) > @result_limit::int then 'null'
    when row_number() over (order by requested_at desc, id desc) = 1 then result_json
    when jsonb_typeof(result_json) = 'object' then result_json - 'targets'
    else result_json end as result
from (
  select * from {{.Reload}} order by requested_at desc, id desc limit @page::int
) r
order by requested_at desc, id desc
