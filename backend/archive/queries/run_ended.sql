{{/* When a run ended; null while it is open. Some schedulers give a run up without noting when. */ -}}
coalesce(r.finished_at, case when r.state in ({{.Final}}) then r.updated_at end)
