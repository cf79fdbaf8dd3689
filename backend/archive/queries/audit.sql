-- Entries of the audit between two places that match, from one end on.
select a.n, a.id, a.actor, a.action, a.target, case when length(a.detail) <= @detail_limit then a.detail end as detail, a.size, a.created_at,
  a.written, c.seq
from (
  select * from audit {{if .Actions}}indexed by audit_action{{else if .Target}}indexed by audit_target{{else}}not indexed{{end}}
  where n between @low and @high
    {{if .Actions}}and action in (select value from json_each(@actions)){{end}}
    {{if .Target}}and target = @target{{end}}
    {{if .Actor}}and actor = @actor{{end}}
    {{if .Text}}and (contains_text(actor, @text) or contains_text(action, @text) or contains_text(target, @text) or contains_text(detail, @text)){{end}}
  order by n {{.Order}} limit @page
) a
left join chain c on c.audit_id = a.id
order by a.n desc
