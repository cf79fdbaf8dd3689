-- Where the next stretch of the audit ends, of about @stretch entries: with ties, entries of one moment stay together.
select {{.Farthest}}(created_at) as edge, count(*) as looked
from (
  select a.created_at from {{.Audit}} a
  where {{template "audit_place.sql" .}}
  order by a.created_at {{.Order}}
  fetch first (@stretch::bigint) rows with ties
) a
