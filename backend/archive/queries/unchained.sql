-- The first row of the audit that is on no chain.
select a.id from audit a left join chain c on c.audit_id = a.id where c.audit_id is null order by a.n limit 1
