-- The newest requests for a reload.
select id, requested_by, requested_at, status, applied_at, leader_id, leader_epoch, result
from reload where requested_at <= @at order by requested_at desc, id desc limit @page
