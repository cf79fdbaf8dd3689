-- How many runs match, counted no further than a limit.
select count(*) from (
  select 1 from {{template "run_from.sql" .}}
  where {{template "run_way.sql" .}} {{template "run_match.sql" .}}
  limit @page
)
