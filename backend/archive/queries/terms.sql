-- The terms of leaders, oldest first: each lasts until the next one begins.
select epoch, worker_id, since from term where since <= @at order by epoch desc limit @page
