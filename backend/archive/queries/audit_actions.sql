-- Every action that the audit has.
select distinct action from audit indexed by audit_action order by action limit @page
