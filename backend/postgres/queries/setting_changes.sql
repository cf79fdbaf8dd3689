-- The newest entry of the audit about each setting.
select distinct on (target) target as key, actor, action, created_at, id
from {{.Audit}}
where action in ('setting.set', 'setting.delete')
order by target, created_at desc, id desc
