-- Runs whose time lies in a window, by job and time, from the half hours that have some.
select {{template "window_columns.sql"}}
from (
  select r.* from span p cross join run r on r.n between p.first_n and p.last_n
  where p.last_due >= @from and p.first_due < @to and r.n <= @high
    and r.scheduled_for >= @from and r.scheduled_for < @to
  order by r.job_id, r.scheduled_for
  limit @page
) r
left join job j on j.id = r.job_id
order by r.job_id, r.scheduled_for
