package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LeaderTx is what a leader may do inside one transaction of its term. What concerns events, retries and overlapping runs
// is in work.go.
type LeaderTx struct {
	tx    pgx.Tx
	sql   map[string]string
	epoch int64
	now   time.Time
}

// Job is an enabled job with a schedule, still to be parsed.
type Job struct {
	ID        scheduler.JobID   `db:"id"`
	Name      string            `db:"name"`
	Type      scheduler.JobType `db:"type"`
	Schedule  json.RawMessage   `db:"schedule"`
	UpdatedAt time.Time         `db:"updated_at"`
}

// Jobs gives every enabled job.
func (l *LeaderTx) Jobs(ctx context.Context) ([]Job, error) {
	return collect[Job](ctx, l, "jobs", pgx.StrictNamedArgs{})
}

// SkipLate gives up runs that were due before cutoff and never started.
func (l *LeaderTx) SkipLate(ctx context.Context, cutoff time.Time) (int64, error) {
	return l.exec(ctx, "skip_late", pgx.NamedArgs{"cutoff": cutoff})
}

// OrphanAssigned takes back runs that were assigned before cutoff to a worker that is not present.
func (l *LeaderTx) OrphanAssigned(ctx context.Context, present []string, cutoff time.Time) (int64, error) {
	return l.exec(ctx, "orphan_assigned", pgx.NamedArgs{"present": present, "cutoff": cutoff})
}

// Room is how many runs each worker may have in hand: Slots[i] is Workers[i]'s.
type Room struct {
	Workers []string
	Slots   []int32
}

// ReleaseWaiting puts runs back in line that wait on a draining worker, or behind others while a usable worker has
// room. Starting are those whose start is on its way.
func (l *LeaderTx) ReleaseWaiting(ctx context.Context, usable Room, draining []string, starting []scheduler.RunID) (int64, error) {
	return l.exec(ctx, "release_waiting", pgx.NamedArgs{
		"usable": usable.Workers, "slots": usable.Slots, "draining": draining, "starting": numbers(starting),
	})
}

// Reports is what workers say they have in hand: Runs[i] is a run id of Workers[i], "" for none.
type Reports struct{ Workers, Runs []string }

// DoubtRunning marks runs as CONFIRMING whose worker is not active, or that it does not report although they were
// started before settled. They stay their worker's for the time of confirm, or as long as it was told when they began.
// Of those that are not active only the gone are doubted; nil means all.
func (l *LeaderTx) DoubtRunning(ctx context.Context, active, gone []string, said Reports, settled time.Time, confirm time.Duration) (int64, error) {
	return l.exec(ctx, "doubt_running", pgx.NamedArgs{
		"active": active, "gone": gone, "reporting": said.Workers, "reported": said.Runs, "settled": settled, "confirm": confirm,
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

// OpenRun is a run that has not ended, as far as it matters for what happens to it next.
type OpenRun struct {
	ID           scheduler.RunID             `db:"id"`
	Version      int                         `db:"version"`
	Job          scheduler.JobID             `db:"job_id"`
	State        scheduler.RunState          `db:"state"`
	Worker       string                      `db:"worker_id"`
	Attempt      int                         `db:"attempt"`
	ScheduledFor time.Time                   `db:"scheduled_for"`
	Due          bool                        `db:"due"`
	Retry        bool                        `db:"retry"`
	Event        bool                        `db:"event"` // an event asked for it
	Policy       scheduler.ConcurrencyPolicy `db:"policy"`
}

// Waiting gives the oldest runs in line up to the horizon, without those held back, and locks them until the
// transaction ends.
func (l *LeaderTx) Waiting(ctx context.Context, horizon time.Time, held []scheduler.RunID) ([]OpenRun, error) {
	return collect[OpenRun](ctx, l, "waiting", pgx.StrictNamedArgs{"now": l.now, "horizon": horizon, "held": numbers(held)})
}

// Choice gives a waiting run to a worker.
type Choice struct {
	Run    OpenRun
	Worker string
}

// Assign carries the choices out.
func (l *LeaderTx) Assign(ctx context.Context, choices []Choice) (int64, error) {
	return l.exec(ctx, "assign", choiceArgs(choices))
}

func choiceArgs(choices []Choice) pgx.NamedArgs {
	ids := make([]int64, len(choices))
	versions := make([]int32, len(choices))
	workers := make([]string, len(choices))
	for i, c := range choices {
		ids[i], versions[i], workers[i] = int64(c.Run.ID), int32(c.Run.Version), c.Worker //nolint:gosec // the column is an int4
	}
	return pgx.NamedArgs{"ids": ids, "versions": versions, "workers": workers}
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

// Startable gives as many runs a worker as it has room for, without those whose start is on its way.
func (l *LeaderTx) Startable(ctx context.Context, room Room, starting []scheduler.RunID) ([]StartableRun, error) {
	return collect[StartableRun](ctx, l, "startable", pgx.StrictNamedArgs{
		"now": l.now, "workers": room.Workers, "slots": room.Slots, "starting": numbers(starting),
	})
}

// NextDue is when the next assigned run is due, nil if none is.
func (l *LeaderTx) NextDue(ctx context.Context) (*time.Time, error) {
	var at *time.Time
	err := l.tx.QueryRow(ctx, l.sql["next_due"], pgx.StrictNamedArgs{"now": l.now}).Scan(&at)
	return at, err
}

// RefusedRun is one whose start came to nothing. Why is what is wrong with the run itself, "" if nothing is.
type RefusedRun struct {
	StartableRun
	Why string
}

// ReturnRefused puts runs back in line that were not started.
func (l *LeaderTx) ReturnRefused(ctx context.Context, runs []RefusedRun) (int64, error) {
	ids := make([]int64, len(runs))
	versions := make([]int32, len(runs))
	whys := make([]string, len(runs))
	for i, r := range runs {
		ids[i], versions[i], whys[i] = int64(r.ID), int32(r.Version), r.Why //nolint:gosec // the column is an int4
	}
	return l.exec(ctx, "return_refused", pgx.NamedArgs{"ids": ids, "versions": versions, "whys": whys})
}

// Now is the database's time at the beginning of the transaction. A leader goes by it, so that a wrong clock on its own
// machine starts nothing early or late.
func (l *LeaderTx) Now() time.Time { return l.now }

// numbers is never nil: in SQL, NULL is not the empty list.
func numbers(runs []scheduler.RunID) []int64 {
	ids := make([]int64, len(runs))
	for i, id := range runs {
		ids[i] = int64(id)
	}
	return ids
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
