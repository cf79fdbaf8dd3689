{{/* How the runs of a list are reached: by an index, by the search in errors or logs, by the half hours that may have some, or one after
     the other. */ -}}
{{if eq .Way "text"}}error_text f cross join run r on r.n = f.rowid
{{- else if eq .Way "log"}}log_text f cross join log l on l.id between (f.rowid - 1) * @blocks + 1 and f.rowid * @blocks
  cross join run r on r.id = l.run_id left join log b on b.id = l.id - 1 and b.run_id = l.run_id and b.attempt = l.attempt
{{- else if eq .Way "job"}}run r indexed by run_job
{{- else if eq .Way "worker"}}run r indexed by run_worker
{{- else if eq .Way "state"}}run r indexed by run_state
{{- else if eq .Way "span"}}span p cross join run r on r.n between p.first_n and p.last_n
{{- else}}run r not indexed
{{- end}}
