-- Runs that a worker had in hand at some moment of a window, the latest start first, from the half hours that may have some.
select {{template "window_columns.sql"}}
from (
  select r.* from span p cross join run r on r.n between p.first_n and p.last_n
  where p.start < @to and (p.last_end is null or p.last_end >= @from)
    and r.n <= @high and r.started_at < @to
    and (r.finished_at >= @from or r.finished_at is null and r.state = @running)
  order by r.started_at desc, r.id desc
  limit @page
) r
left join job j on j.id = r.job_id
order by r.started_at desc, r.id desc
