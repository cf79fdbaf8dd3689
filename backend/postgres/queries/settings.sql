-- Every stored setting. The value of a secret stays in the database, and so does one that no form could have written.
select s.key, s.secret, s.updated_at,
  case when not s.secret and octet_length(s.value_json::text) <= @value_limit::int then s.value_json end as value
from (
  select s.key, s.value_json, s.updated_at, translate(upper(s.key), '_-. ', '') ~ @secret_names::text or {{if .Gate -}}
    s.is_secret
    {{- else -}}
    exists (select from scheduler_setting_help h where h.key = s.key and h.is_secret)
    {{- end}} as secret
  from {{.Setting}} s
) s
order by s.key
