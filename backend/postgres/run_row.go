package postgres

import "github.com/opsdeck/opsdeck/backend/scheduler"

// runRow is a run as run_columns.sql reads it.
type runRow struct {
	ID             int64        `db:"id"`
	JobID          int64        `db:"job_definition_id"`
	JobName        string       `db:"job_name"`
	Command        string       `db:"command_name"`
	ScheduledFor   optionalTime `db:"scheduled_for"`
	AssignedAt     optionalTime `db:"assigned_at"`
	AssignedWorker string       `db:"assigned_worker_id"`
	State          string       `db:"state"`
	Attempt        int          `db:"attempt"`
	Version        int          `db:"version"`
	LeaderEpoch    *int64       `db:"leader_epoch"`
	StartedAt      optionalTime `db:"started_at"`
	FinishedAt     optionalTime `db:"finished_at"`
	ExitCode       *int         `db:"exit_code"`
	ErrorSummary   string       `db:"error_summary"`
	LogRef         string       `db:"log_ref"`
	IdempotencyKey string       `db:"idempotency_key"`
	CPUSeconds     measure      `db:"resource_cpu_seconds_total"`
	PeakRSSBytes   *int64       `db:"resource_peak_rss_bytes"`
	IOReadBytes    *int64       `db:"resource_io_read_bytes"`
	IOWriteBytes   *int64       `db:"resource_io_write_bytes"`
	Continuation   string       `db:"continuation_state"`
	ConfirmSince   optionalTime `db:"continuation_check_started_at"`
	ConfirmUntil   optionalTime `db:"continuation_check_deadline_at"`
	CreatedAt      listTime     `db:"created_at"`
	UpdatedAt      listTime     `db:"updated_at"`
}

func (r runRow) run() scheduler.Run {
	return scheduler.Run{
		ID: scheduler.RunID(r.ID), JobID: scheduler.JobID(r.JobID), JobName: r.JobName, Command: r.Command,
		ScheduledFor: r.ScheduledFor.Time, AssignedAt: r.AssignedAt.Time, AssignedWorker: r.AssignedWorker,
		State: scheduler.RunState(r.State), Attempt: r.Attempt, Version: r.Version, LeaderEpoch: r.LeaderEpoch,
		StartedAt: r.StartedAt.Time, FinishedAt: r.FinishedAt.Time, ExitCode: r.ExitCode,
		ErrorSummary: r.ErrorSummary, LogRef: r.LogRef, IdempotencyKey: r.IdempotencyKey,
		CPUSeconds: r.CPUSeconds.value, PeakRSSBytes: r.PeakRSSBytes, IOReadBytes: r.IOReadBytes, IOWriteBytes: r.IOWriteBytes,
		Continuation:    scheduler.ContinuationState(r.Continuation),
		ConfirmingSince: r.ConfirmSince.Time, ConfirmingDeadlineAt: r.ConfirmUntil.Time,
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
}

func runs(rows []runRow) []scheduler.Run {
	list := make([]scheduler.Run, len(rows))
	for i, r := range rows {
		list[i] = r.run()
	}
	return list
}
