{{/* What makes a run late. One that never started and never will (skipped, cancelled) isn't. */ -}}
coalesce(started_at, case when state in ('PENDING', 'ASSIGNED', 'RUNNING', 'ORPHANED') then now() end)
    > scheduled_for + @late_after::interval
