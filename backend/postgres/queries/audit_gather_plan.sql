-- What the planner expects gathering to cost; nothing is read.
explain (format json)
select from {{.Audit}} a
where {{template "audit_place.sql" .}} and {{template "audit_filter.sql"}}
