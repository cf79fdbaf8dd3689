{{/* Until when a run has waited for its start. One that never started and never will did not. */ -}}
coalesce({{if .Past}}case when r.started_at <= @at then r.started_at end{{else}}r.started_at{{end}}, case when {{if .Past}}not coalesce({{template "run_ended.sql" .}} <= @at, false){{else}}r.state not in ({{.Final}}){{end}} then @at end)
