-- One setting with its help, as far as this login may see it. A key that neither table has is one too: schedulers take keys
-- that their own help doesn't list.
select k.key, s.value, coalesce(s.is_secret, h.is_secret, false) or opsdeck.secret_name(k.key) as is_secret,
  coalesce(h.editable, true) as editable, s.updated_at
from (select @key::text as key) k
left join opsdeck.setting s on s.key = k.key
left join opsdeck.setting_help h on h.key = k.key
where s.key is not null or h.key is not null or k.key ~ '^SCHEDULER_[A-Z0-9_]{1,118}$'
