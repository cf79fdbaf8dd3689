-- Runs whose logs have a text, by documents of the index; a document's in no order, and a run as often as its log has it.
select f.rowid, {{template "run_columns.sql"}}
from {{template "run_from.sql" .}} left join job j on j.id = r.job_id
where {{template "run_way.sql" .}} {{template "run_match.sql" .}}
order by f.rowid {{.Order}}
