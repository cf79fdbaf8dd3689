{{/* What narrows the way itself. */ -}}
{{if eq .Way "text"}}error_text match @match and f.rowid between @low and @high and
{{- else if eq .Way "log"}}log_text match @log_match and f.rowid between @low_doc and @high_doc and {{template "log_contains.sql" .}} and
{{- else if eq .Way "span"}}p.last_n >= @low and p.first_n <= @high
  {{if .MinAttempt}}and p.most_attempts >= @min_attempt{{end}}
  {{if .Phase}}and p.start <= @at and (p.last_end is null or p.last_end > @at){{end}}
  {{if .MinDuration}}and (p.last_end is null {{if .Past}}or p.last_end > @at{{end}} or exists (select from_kind.runs from span_histogram from_kind
    where from_kind.start = p.start and from_kind.kind = 0 and from_kind.bucket >= @min_bucket)){{end}}
  {{if .LaterThan}}and (p.last_end is null {{if .Past}}or p.last_end > @at{{end}} or exists (select from_kind.runs from span_histogram from_kind
    where from_kind.start = p.start and from_kind.kind = 1 and from_kind.bucket >= @late_bucket)){{end}} and
{{- end}}
