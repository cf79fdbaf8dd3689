  r.id, r.job_id, coalesce(j.name, '') as job, r.state, r.worker, r.attempt, r.version, r.leader_epoch, r.scheduled_for, r.assigned_at,
  r.started_at, r.finished_at, r.idempotency_key, r.created_at, r.updated_at
