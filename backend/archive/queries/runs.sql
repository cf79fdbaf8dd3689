-- Runs of a range of places that match, from one end on.
select {{template "run_columns.sql"}}
from (
  select r.* from {{template "run_from.sql" .}}
  where {{template "run_way.sql" .}} {{template "run_match.sql" .}}
  order by {{if eq .Way "text"}}f.rowid{{else if eq .Way "span"}}p.start {{.Order}}, r.n{{else}}r.n{{end}} {{.Order}}
  limit @page
) r
left join job j on j.id = r.job_id
order by r.n desc
