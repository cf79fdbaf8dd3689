-- One entry of the audit.
select a.n, a.id, a.actor, a.action, a.target, case when length(a.detail) <= @detail_limit then a.detail end as detail, a.size, a.created_at,
  a.written, c.seq
from audit a left join chain c on c.audit_id = a.id where a.id = @id
