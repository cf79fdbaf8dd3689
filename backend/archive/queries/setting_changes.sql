-- What the audit has about settings, the newest first.
select target, actor, action, created_at, id from audit indexed by audit_action
where action in ('setting.set', 'setting.delete') and created_at <= @at
order by n desc limit @page
