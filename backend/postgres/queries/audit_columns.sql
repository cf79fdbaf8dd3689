{{/* What an entry of the audit is read as. A detail above the limit stays in the database: a list must not carry megabytes. */ -}}
  a.id, a.actor, a.action, a.target, a.created_at, detail.size,
  case when detail.size <= @detail_limit::int then a.payload_json end as detail,
  {{if .Gate}}a.written_by{{else}}''{{end}} as written, {{if .Gate}}a.chain_seq{{else}}null::bigint{{end}} as chain
