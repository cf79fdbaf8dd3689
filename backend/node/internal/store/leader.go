package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LeaderTx is what a leader may do inside one transaction of its term.
type LeaderTx struct {
	tx    pgx.Tx
	sql   map[string]string
	epoch int64
	now   time.Time
}

// Setting is a row of scheduler_settings.
type Setting struct {
	Key   string          `db:"key"`
	Value json.RawMessage `db:"value_json"`
}

// Settings gives those of the keys that somebody has set.
func (l *LeaderTx) Settings(ctx context.Context, keys []string) ([]Setting, error) {
	return collect[Setting](ctx, l, "settings", pgx.StrictNamedArgs{"keys": keys})
}

// TimeJob is an enabled job with a schedule, still to be parsed.
type TimeJob struct {
	ID       scheduler.JobID `db:"id"`
	Name     string          `db:"name"`
	Schedule json.RawMessage `db:"schedule"`
}

// TimeJobs gives every enabled job that a schedule starts.
func (l *LeaderTx) TimeJobs(ctx context.Context) ([]TimeJob, error) {
	return collect[TimeJob](ctx, l, "time_jobs", pgx.StrictNamedArgs{})
}

// SkipLate gives up runs that were due before cutoff and never started.
func (l *LeaderTx) SkipLate(ctx context.Context, cutoff time.Time) (int64, error) {
	return l.exec(ctx, "skip_late", pgx.NamedArgs{"cutoff": cutoff})
}

// OrphanAssigned takes back runs that were assigned before cutoff to a worker that is not present.
func (l *LeaderTx) OrphanAssigned(ctx context.Context, present []string, cutoff time.Time) (int64, error) {
	return l.exec(ctx, "orphan_assigned", pgx.NamedArgs{"present": present, "cutoff": cutoff})
}

// ReleaseWaiting puts runs back in line that wait on a draining worker, or behind another run while a usable worker
// is idle.
func (l *LeaderTx) ReleaseWaiting(ctx context.Context, usable, draining []string) (int64, error) {
	return l.exec(ctx, "release_waiting", pgx.NamedArgs{"usable": usable, "draining": draining})
}

// Reports is what workers say they have in hand: Runs[i] is the run id of Workers[i], "" for none.
type Reports struct{ Workers, Runs []string }

// DoubtRunning marks runs as CONFIRMING whose worker is not active, or that it does not report although they were
// started before settled.
func (l *LeaderTx) DoubtRunning(ctx context.Context, active []string, said Reports, settled, deadline time.Time) (int64, error) {
	return l.exec(ctx, "doubt_running", pgx.NamedArgs{
		"active": active, "reporting": said.Workers, "reported": said.Runs, "settled": settled, "deadline": deadline,
	})
}

// TrustRunning ends the doubt about runs that their worker reports again.
func (l *LeaderTx) TrustRunning(ctx context.Context, said Reports) (int64, error) {
	return l.exec(ctx, "trust_running", pgx.NamedArgs{"reporting": said.Workers, "reported": said.Runs})
}

// OrphanRunning takes back runs whose doubt was not answered by its deadline.
func (l *LeaderTx) OrphanRunning(ctx context.Context) (int64, error) {
	return l.exec(ctx, "orphan_running", nil)
}

// Slot is one minute in which a job is due.
type Slot struct {
	Job scheduler.JobID
	At  time.Time
}

// CreateSlots makes the runs that are not there yet.
func (l *LeaderTx) CreateSlots(ctx context.Context, slots []Slot) (int64, error) {
	jobs := make([]int64, len(slots))
	ats := make([]time.Time, len(slots))
	for i, slot := range slots {
		jobs[i], ats[i] = int64(slot.Job), slot.At
	}
	return l.exec(ctx, "create_slots", pgx.NamedArgs{"jobs": jobs, "ats": ats})
}

// Load is what one worker has to do. Due is the part of Assigned that should have started already.
type Load struct {
	WorkerID string `db:"worker_id"`
	Running  int    `db:"running"`
	Assigned int    `db:"assigned"`
	Due      int    `db:"due"`
}

// Loads gives the load of every worker that has one.
func (l *LeaderTx) Loads(ctx context.Context) ([]Load, error) {
	return collect[Load](ctx, l, "loads", pgx.StrictNamedArgs{"now": l.now})
}

// WaitingRun is a run in line, locked until the transaction ends.
type WaitingRun struct {
	ID      scheduler.RunID `db:"id"`
	Version int             `db:"version"`
	Due     bool            `db:"due"`
}

// Waiting gives the oldest runs in line up to the horizon, without those held back.
func (l *LeaderTx) Waiting(ctx context.Context, horizon time.Time, held []scheduler.RunID) ([]WaitingRun, error) {
	ids := make([]int64, len(held))
	for i, id := range held {
		ids[i] = int64(id)
	}
	return collect[WaitingRun](ctx, l, "waiting", pgx.StrictNamedArgs{"now": l.now, "horizon": horizon, "held": ids})
}

// Choice gives a waiting run to a worker.
type Choice struct {
	Run    WaitingRun
	Worker string
}

// Assign carries the choices out.
func (l *LeaderTx) Assign(ctx context.Context, choices []Choice) (int64, error) {
	ids := make([]int64, len(choices))
	versions := make([]int32, len(choices))
	workers := make([]string, len(choices))
	for i, c := range choices {
		ids[i], versions[i], workers[i] = int64(c.Run.ID), int32(c.Run.Version), c.Worker //nolint:gosec // the column is an int4
	}
	return l.exec(ctx, "assign", pgx.NamedArgs{"ids": ids, "versions": versions, "workers": workers})
}

// StartableRun is an assigned run that is due and that nothing keeps from starting.
type StartableRun struct {
	ID       scheduler.RunID `db:"id"`
	Version  int             `db:"version"`
	Attempt  int             `db:"attempt"`
	WorkerID string          `db:"worker_id"`
	Command  string          `db:"command_name"`
	Args     string          `db:"args"`
	Timeout  int             `db:"timeout_seconds"`
}

// Startable gives at most one run a worker.
func (l *LeaderTx) Startable(ctx context.Context) ([]StartableRun, error) {
	return collect[StartableRun](ctx, l, "startable", pgx.StrictNamedArgs{"now": l.now})
}

// NextDue is when the next assigned run is due, nil if none is.
func (l *LeaderTx) NextDue(ctx context.Context) (*time.Time, error) {
	var at *time.Time
	err := l.tx.QueryRow(ctx, l.sql["next_due"], pgx.StrictNamedArgs{"now": l.now}).Scan(&at)
	return at, err
}

// ReturnRefused puts runs back in line that were not started.
func (l *LeaderTx) ReturnRefused(ctx context.Context, runs []StartableRun) (int64, error) {
	ids := make([]int64, len(runs))
	versions := make([]int32, len(runs))
	for i, r := range runs {
		ids[i], versions[i] = int64(r.ID), int32(r.Version) //nolint:gosec // the column is an int4
	}
	return l.exec(ctx, "return_refused", pgx.NamedArgs{"ids": ids, "versions": versions})
}

// exec adds the epoch and the time, which every write of a leader carries, and tells how many runs it changed.
func (l *LeaderTx) exec(ctx context.Context, query string, args pgx.NamedArgs) (int64, error) {
	all := pgx.NamedArgs{"epoch": l.epoch, "now": l.now}
	for name, value := range args {
		all[name] = value
	}
	tag, err := l.tx.Exec(ctx, l.sql[query], all)
	return tag.RowsAffected(), named(query, err)
}

func collect[Row any](ctx context.Context, l *LeaderTx, query string, args pgx.StrictNamedArgs) ([]Row, error) {
	rows, err := l.tx.Query(ctx, l.sql[query], args)
	if err != nil {
		return nil, named(query, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Row])
	return found, named(query, err)
}

// named says which statement failed; pgx says only how.
func named(query string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", query, err)
}
