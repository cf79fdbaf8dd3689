-- Entries of the audit that follow a place, oldest first, with their links of the chain where the gate shows them.
select a.id, a.actor, a.action, a.target, a.created_at, octet_length(a.payload_json::text)::bigint as size, a.payload_json::text as detail,
  {{if .Gate}}a.written_by, a.chain_seq, coalesce(a.login, '') as login, coalesce(a.by_gate, false) as by_gate, a.chain_digest as digest
  {{- else}}'' as written_by, null::bigint as chain_seq, '' as login, false as by_gate, null::bytea as digest{{end}}
from {{.Audit}} a
where (a.created_at, a.id) > (@from::timestamptz, @after_id::bigint) and a.created_at < @before::timestamptz
order by a.created_at, a.id
limit @page::int
