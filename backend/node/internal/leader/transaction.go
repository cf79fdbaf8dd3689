package leader

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// transaction is what a tick does in PostgreSQL: [store.LeaderTx], whose methods say what each does. It is an interface
// so that the simulation can run a leader's true decisions against a model of the tables.
type transaction interface {
	lines
	work
	Now() time.Time
	ReloadRequest(context.Context) (*store.ReloadRequest, error)
	AnswerReload(ctx context.Context, id int64, applied bool, leader string, result []byte) error
	OddRuns(context.Context) ([]store.OddRun, error)
}

// lines is about who has which run.
type lines interface {
	SkipLate(ctx context.Context, cutoff time.Time) (int64, error)
	OrphanAssigned(ctx context.Context, present []string, cutoff time.Time) (int64, error)
	ReleaseWaiting(ctx context.Context, usable store.Room, draining []string, starting []scheduler.RunID) (int64, error)
	DoubtRunning(ctx context.Context, active, gone []string, said store.Reports, settled time.Time, confirm time.Duration) (int64, error)
	TrustRunning(ctx context.Context, said store.Reports) (int64, error)
	OrphanRunning(context.Context) (int64, error)
	Loads(context.Context) ([]store.Load, error)
	Waiting(ctx context.Context, horizon time.Time, held []scheduler.RunID) ([]store.OpenRun, error)
	Contenders(context.Context) ([]store.OpenRun, error)
	EndUnstarted(ctx context.Context, all []store.Ended) (int64, error)
	Assign(ctx context.Context, choices []store.Choice) (int64, error)
	Movable(ctx context.Context, after, assignedBefore time.Time) ([]store.MovableRun, error)
	Move(ctx context.Context, choices []store.Choice) (int64, error)
	Startable(ctx context.Context, room store.Room, starting []scheduler.RunID) ([]store.StartableRun, error)
	NextDue(context.Context) (*time.Time, error)
	ReturnRefused(ctx context.Context, runs []store.RefusedRun) (int64, error)
}

// work is about which runs there are.
type work interface {
	Jobs(context.Context) ([]store.Job, error)
	Planned(context.Context) (*time.Time, error)
	PlanUntil(ctx context.Context, minute time.Time) error
	CreateSlots(ctx context.Context, slots []store.Slot) (int64, error)
	NewEvents(ctx context.Context, since *time.Time, settled time.Time) ([]store.Event, error)
	ClaimEventKeys(ctx context.Context, events []store.Event) ([]int64, error)
	FinishEvents(ctx context.Context, events []store.Event, runs []store.EventRun, since, until time.Time) (int64, error)
	WatchRuns(context.Context) (int64, error)
	WatchedEnds(context.Context) ([]store.WatchedEnd, error)
	AddRetries(ctx context.Context, all []store.Retry) ([]scheduler.RunID, error)
	ForgetWatched(ctx context.Context, runs []scheduler.RunID) error
}
