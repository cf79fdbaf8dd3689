package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Contenders gives the runs that have been given out or lost, of jobs whose runs must not overlap.
func (l *LeaderTx) Contenders(ctx context.Context) ([]OpenRun, error) {
	return collect[OpenRun](ctx, l, "contenders", pgx.StrictNamedArgs{"now": l.now})
}

// Ended is a run that a leader ends before anybody has it in hand.
type Ended struct {
	ID      scheduler.RunID
	Version int
	State   scheduler.RunState
	Reason  string // what error_summary says
}

// EndUnstarted writes the ends. A run that was taken in hand meanwhile has another version and goes on.
func (l *LeaderTx) EndUnstarted(ctx context.Context, all []Ended) (int64, error) {
	ids := make([]int64, len(all))
	versions := make([]int32, len(all))
	states := make([]string, len(all))
	reasons := make([]string, len(all))
	for i, e := range all {
		ids[i], versions[i], states[i], reasons[i] = int64(e.ID), int32(e.Version), string(e.State), e.Reason //nolint:gosec // the column is an int4
	}
	return l.exec(ctx, "end_unstarted", pgx.NamedArgs{"ids": ids, "versions": versions, "states": states, "reasons": reasons})
}

// WatchRuns remembers the runs in workers' hands whose job allows retries.
func (l *LeaderTx) WatchRuns(ctx context.Context) (int64, error) {
	return l.exec(ctx, "watch_runs", nil)
}

// WatchedEnd is the end of a watched run. A run that is gone has no state.
type WatchedEnd struct {
	ID         scheduler.RunID    `db:"id"`
	State      scheduler.RunState `db:"state"`
	Job        scheduler.JobID    `db:"job_id"`
	Key        string             `db:"idempotency_key"`
	FinishedAt time.Time          `db:"finished_at"`
	Enabled    bool               `db:"enabled"` // the job
	MaxRetries int                `db:"max_retries"`
	Backoff    int                `db:"backoff_seconds"`
}

// WatchedEnds gives watched runs that have ended.
func (l *LeaderTx) WatchedEnds(ctx context.Context) ([]WatchedEnd, error) {
	return collect[WatchedEnd](ctx, l, "watched_ended", pgx.StrictNamedArgs{"now": l.now})
}

// Retry is another run after one that failed.
type Retry struct {
	Of  scheduler.RunID
	Job scheduler.JobID
	At  time.Time
	Key string
}

// AddRetries puts retries in line and tells of which runs.
func (l *LeaderTx) AddRetries(ctx context.Context, all []Retry) ([]scheduler.RunID, error) {
	runs := make([]int64, len(all))
	jobs := make([]int64, len(all))
	ats := make([]time.Time, len(all))
	keys := make([]string, len(all))
	for i, r := range all {
		runs[i], jobs[i], ats[i], keys[i] = int64(r.Of), int64(r.Job), r.At, r.Key
	}
	return column[scheduler.RunID](ctx, l, "add_retries", pgx.StrictNamedArgs{
		"runs": runs, "jobs": jobs, "ats": ats, "keys": keys, "now": l.now,
	})
}

// ForgetWatched ends the watch over runs.
func (l *LeaderTx) ForgetWatched(ctx context.Context, runs []scheduler.RunID) error {
	_, err := l.exec(ctx, "forget_watched", pgx.NamedArgs{"ids": numbers(runs)})
	return err
}

// Event is one that nobody has processed.
type Event struct {
	ID        int64     `db:"id"`
	Type      string    `db:"event_type"`
	DedupeKey string    `db:"dedupe_key"` // "" = none
	CreatedAt time.Time `db:"created_at"`
}

// NewEvents learns the keys of what others processed since the given time (nil: since the last key that is known), and
// gives the oldest events that are new, without those younger than settled.
func (l *LeaderTx) NewEvents(ctx context.Context, since *time.Time, settled time.Time) ([]Event, error) {
	if _, err := l.exec(ctx, "absorb_event_keys", pgx.NamedArgs{"since": since}); err != nil {
		return nil, err
	}
	return collect[Event](ctx, l, "new_events", pgx.StrictNamedArgs{"now": l.now, "settled": settled})
}

// ClaimEventKeys tells which of the events, all of which have a key, are the first of theirs.
func (l *LeaderTx) ClaimEventKeys(ctx context.Context, events []Event) ([]int64, error) {
	ids := make([]int64, len(events))
	types := make([]string, len(events))
	keys := make([]string, len(events))
	for i, e := range events {
		ids[i], types[i], keys[i] = e.ID, e.Type, e.DedupeKey
	}
	return column[int64](ctx, l, "claim_event_keys", pgx.StrictNamedArgs{"ids": ids, "types": types, "keys": keys, "now": l.now})
}

// EventRun is a run that an event asks for.
type EventRun struct {
	Job scheduler.JobID
	At  time.Time
	Key string
}

// FinishEvents makes the runs that are not there yet and marks the events as processed. Whoever made runs of these
// events before did so between since and until.
func (l *LeaderTx) FinishEvents(ctx context.Context, events []Event, runs []EventRun, since, until time.Time) (made int64, err error) {
	jobs := make([]int64, len(runs))
	ats := make([]time.Time, len(runs))
	keys := make([]string, len(runs))
	for i, r := range runs {
		jobs[i], ats[i], keys[i] = int64(r.Job), r.At, r.Key
	}
	if len(runs) > 0 {
		made, err = l.exec(ctx, "add_event_runs", pgx.NamedArgs{"jobs": jobs, "ats": ats, "keys": keys, "since": since, "until": until})
		if err != nil {
			return 0, err
		}
	}
	ids := make([]int64, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	_, err = l.exec(ctx, "events_done", pgx.NamedArgs{"ids": ids})
	return made, err
}

// Movable gives assigned runs that are due after the given time and were assigned before the other.
func (l *LeaderTx) Movable(ctx context.Context, after, assignedBefore time.Time) ([]MovableRun, error) {
	return collect[MovableRun](ctx, l, "movable", pgx.StrictNamedArgs{"after": after, "assigned_before": assignedBefore})
}

// MovableRun is an assigned run that may still go to another worker.
type MovableRun struct {
	ID      scheduler.RunID `db:"id"`
	Version int             `db:"version"`
	Worker  string          `db:"worker_id"`
}

// Move gives assigned runs to other workers.
func (l *LeaderTx) Move(ctx context.Context, choices []Choice) (int64, error) {
	return l.exec(ctx, "move", choiceArgs(choices))
}

// Planned is the last minute for which runs have been made, nil before the first.
func (l *LeaderTx) Planned(ctx context.Context) (*time.Time, error) {
	var until *time.Time
	err := l.tx.QueryRow(ctx, l.sql["planned"]).Scan(&until)
	return until, named("planned", err)
}

// PlanUntil notes for which minute runs have been made.
func (l *LeaderTx) PlanUntil(ctx context.Context, minute time.Time) error {
	_, err := l.tx.Exec(ctx, l.sql["plan_until"], pgx.StrictNamedArgs{"until": minute})
	return named("plan_until", err)
}

// ReloadRequest asks a leader to have every worker read the settings anew.
type ReloadRequest struct {
	ID int64  `db:"id"`
	By string `db:"requested_by"`
}

// ReloadRequest gives the oldest request that waits, nil if none does.
func (l *LeaderTx) ReloadRequest(ctx context.Context) (*ReloadRequest, error) {
	waiting, err := collect[ReloadRequest](ctx, l, "reload_request", pgx.StrictNamedArgs{})
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	return &waiting[0], nil
}

// AnswerReload writes what came of a request.
func (l *LeaderTx) AnswerReload(ctx context.Context, id int64, applied bool, leader string, result []byte) error {
	_, err := l.exec(ctx, "reload_answer", pgx.NamedArgs{"id": id, "applied": applied, "leader": leader, "result": result})
	return err
}

// OddRun is a run that no scheduler can make sense of.
type OddRun struct {
	ID  scheduler.RunID `db:"id"`
	Why string          `db:"why"`
}

// OddRuns gives some of them.
func (l *LeaderTx) OddRuns(ctx context.Context) ([]OddRun, error) {
	known := make([]string, len(scheduler.RunStates))
	for i, state := range scheduler.RunStates {
		known[i] = string(state)
	}
	return collect[OddRun](ctx, l, "odd_rows", pgx.StrictNamedArgs{"known": known})
}

func column[T any](ctx context.Context, l *LeaderTx, query string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := l.tx.Query(ctx, l.sql[query], args)
	if err != nil {
		return nil, named(query, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return found, named(query, err)
}
