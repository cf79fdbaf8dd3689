-- What the planner expects gathering to cost; nothing is read.
explain (format json)
select from {{.Event}} e
where {{template "event_place.sql" .}} and {{template "event_filter.sql"}}
