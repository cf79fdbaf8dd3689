-- The links of every chain in their order, with the rows that they are of. Rows from before the gate are on one chain of nobody's.
select c.audit_id, c.login, case when c.login = '' then '' else coalesce(a.actor, '') end as head, c.by_gate, c.seq, c.digest,
  a.id is not null, coalesce(a.actor, ''), coalesce(a.action, ''), coalesce(a.target, ''), coalesce(a.detail, ''), coalesce(a.created_at, 0)
from chain c left join audit a on a.id = c.audit_id
order by c.login, head, c.seq
