-- One setting with its help, as far as this login may see it.
select coalesce(s.key, h.key) as key, s.value, coalesce(s.is_secret, h.is_secret, false) as is_secret,
  coalesce(h.editable, true) as editable, s.updated_at
from (select * from opsdeck.setting where key = @key) as s
full join (select * from opsdeck.setting_help where key = @key) as h on h.key = s.key
