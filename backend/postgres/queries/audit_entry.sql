-- One entry of the audit.
select {{template "audit_columns.sql" .}}
from {{.Audit}} a
cross join lateral (select octet_length(a.payload_json::text) as size) detail
where a.id = @id
