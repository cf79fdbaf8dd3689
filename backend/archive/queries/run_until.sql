{{/* Until when a run has run: one that runs lasts until the moment that is shown. */ -}}
{{if .Past}}min(coalesce(r.finished_at, @at), @at){{else}}coalesce(r.finished_at, case when r.state = {{.Running}} then @at end){{end}}
