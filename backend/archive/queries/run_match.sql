{{/* Which runs match, among those of a range of places. Only what was asked for stands here, so that an index can be used. As of a
     past moment a run is in the state that its times say. */ -}}
  r.n between @low and @high
  {{if .Job}}and r.job_id = @job{{end}}
  {{if .Worker}}and r.worker = @worker{{if .Past}} and r.assigned_at <= @at{{end}}{{end}}
  {{if .State}}and r.state = @state{{if .Past}} and {{template "run_ended.sql" .}} <= @at{{end}}{{end}}
  {{if .Phase}}and not coalesce({{template "run_ended.sql" .}} <= @at, false)
    and case when r.started_at <= @at then 'RUNNING' when r.assigned_at <= @at then 'ASSIGNED' else 'PENDING' end = @phase{{end}}
  {{if .Epoch}}and r.leader_epoch = @epoch{{if .Past}} and r.assigned_at <= @at{{end}}{{end}}
  {{if .MinAttempt}}and r.attempt >= @min_attempt{{end}}
  {{if .MinDuration}}and {{template "run_until.sql" .}} - r.started_at >= @min_duration{{end}}
  {{if .MaxDuration}}and {{template "run_until.sql" .}} - r.started_at <= @max_duration{{end}}
  {{if .LaterThan}}and {{template "run_waited.sql" .}} > r.scheduled_for + @later_than{{end}}
  {{if .Text}}and r.error <> '' and contains_text(r.error, @text){{if .Past}} and {{template "run_ended.sql" .}} <= @at{{end}}{{end}}
  {{if and .Log (ne .Way "log")}}and exists (select 1 from log l left join log b on b.id = l.id - 1 and b.run_id = l.run_id and b.attempt = l.attempt
    where l.run_id = r.id and {{template "log_contains.sql" .}}){{end}}
