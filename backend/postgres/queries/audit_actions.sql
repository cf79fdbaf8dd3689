-- Every action that the audit has: a step through the index on action for each.
with recursive known(action) as (
  (select action from {{.Audit}} order by action limit 1)
  union all
  select (select a.action from {{.Audit}} a where a.action > known.action order by a.action limit 1)
  from known where known.action is not null
)
select action from known where action is not null limit @page::int
