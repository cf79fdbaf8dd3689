-- How many runs match, counted no further than a limit.
select count(*) from (
  select {{if eq .Way "log"}}distinct l.run_id{{else}}1{{end}} from {{template "run_from.sql" .}}
  where {{template "run_way.sql" .}} {{template "run_match.sql" .}}
  limit @page
)
