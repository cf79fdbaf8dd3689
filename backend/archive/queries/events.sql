-- Events between two ids that match, from one end on.
select id, type, case when length(payload) <= @detail_limit then payload end as payload, size, dedupe_key, created_at, processed_at
from (
  select * from event
  where id between @low and @high and created_at <= @at
    {{if .Type}}and type = @type{{end}}
    {{if .Key}}and dedupe_key = @key{{end}}
    {{if .Processed}}and coalesce(processed_at <= @at, 0) = @processed{{end}}
    {{if .From}}and created_at >= @from{{end}}
    {{if .Before}}and created_at < @before{{end}}
    {{if .Text}}and (contains_text(type, @text) or contains_text(dedupe_key, @text) or contains_text(payload, @text)){{end}}
  order by id {{.Order}} limit @page
)
order by id desc
