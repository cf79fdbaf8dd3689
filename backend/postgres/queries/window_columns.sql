{{/* What the runs of a window are read as: without the texts, which are many and of no use there. */ -}}
  r.id, r.job_definition_id, r.state, r.assigned_worker_id, r.attempt, r.version, r.leader_epoch, r.scheduled_for,
  r.started_at, r.finished_at, r.idempotency_key, r.created_at
