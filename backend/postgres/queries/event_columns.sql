{{/* What an event is read as. A payload above the limit stays in the database: a list must not carry megabytes. */ -}}
  e.id, e.event_type, e.dedupe_key, e.created_at, e.processed_at, payload.size,
  case when payload.size <= @detail_limit::int then e.payload_json end as payload
