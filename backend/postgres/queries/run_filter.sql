{{/* Which runs match, apart from their time. A null filter matches every run; custom plans drop it. A single
     state stands by itself, because an index keeps its order only under an equation. A running run lasts until now. The
     condition on '' is that of the optional index on the errors' text. */ -}}
      (@state::text is null or r.state = @state)
  and (@states::text[] is null or r.state = any(@states))
  and (@job_id::bigint is null or r.job_definition_id = @job_id)
  and (@worker_id::text is null or r.assigned_worker_id = @worker_id)
  and (@epoch::bigint is null or r.leader_epoch = @epoch)
  and (@min_attempt::int is null or r.attempt >= @min_attempt)
  and (@min_duration::interval is null or
       coalesce(r.finished_at, case when r.state = 'RUNNING' then now() end) - r.started_at >= @min_duration)
  and (@max_duration::interval is null or
       coalesce(r.finished_at, case when r.state = 'RUNNING' then now() end) - r.started_at <= @max_duration)
  and (@later_than::interval is null or
       coalesce(r.started_at, case when r.state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED') then now() end)
         > r.scheduled_for + @later_than::interval)
  and (@error_text::text is null or (r.error_summary <> '' and r.error_summary ilike @error_text))
