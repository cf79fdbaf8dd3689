package archive

import (
	"context"
	"database/sql"
	"math"
	"path/filepath"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Archive is an open file. It is safe for concurrent use.
type Archive struct {
	path string
	db   *sql.DB
	// version is the format's.
	version int
	facts   Facts
	words   words
	last    int64 // place of the newest run; 0 without one
	lastLog int64 // id of the last block of logs; 0 without one

	states map[int64]int64 // runs in each state, by its word

	patience time.Duration // of a search through logs that no index helps

	mu       sync.Mutex
	prepared map[string]statement
}

// Deadlines of a question.
const (
	queryDeadline = 10 * time.Second
	countDeadline = time.Second
)

// Open opens an archive and reads what it says of itself. Whether its rows are what was written is Verify's to say. The caller
// closes it.
func Open(ctx context.Context, path string) (*Archive, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "archive.not_found", "There is no file %s.", path).With("path", path).Because(err)
	}
	db, version, err := format.OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	a := &Archive{path: path, db: db, version: version, prepared: map[string]statement{}, patience: searchPatience, states: map[int64]int64{}}
	if err := a.learn(ctx); err != nil {
		_ = a.Close()
		return nil, a.explain(err)
	}
	return a, nil
}

// learn reads what every question needs.
func (a *Archive) learn(ctx context.Context) (err error) {
	if a.facts, err = a.readFacts(ctx); err != nil {
		return err
	}
	if a.words, err = a.readWords(ctx); err != nil {
		return err
	}
	if err := a.db.QueryRowContext(ctx, "select (select coalesce(max(n), 0) from run), (select coalesce(max(id), 0) from log)").Scan(&a.last, &a.lastLog); err != nil {
		return err
	}
	return a.query(ctx, "states_total", nil, args{"from": int64(math.MinInt64), "before": int64(math.MaxInt64)}, func(rows *sql.Rows) error {
		var state, runs int64
		err := rows.Scan(&state, &runs)
		a.states[state] = runs
		return err
	})
}

// Close lets the file go. Calling it again does nothing.
func (a *Archive) Close() error { return a.db.Close() }

// Path is where the file is.
func (a *Archive) Path() string { return a.path }

// Facts is what the archive says of itself.
func (a *Archive) Facts() Facts { return a.facts }

// Ports answers the console as of a moment of the archive: its end for the zero time or any time after it. Workers can't be
// called, and there is nothing to write with.
func (a *Archive) Ports(at time.Time) console.Ports {
	m := a.moment(at)
	return console.Ports{
		Runs: m, Stats: m, Jobs: m, Windows: m, Fleet: m, Workers: noCalls{}, Logs: m, Identity: m, Settings: m, Audit: m, Events: m, Failures: m,
	}
}

// halfHour is what totals are kept by.
const halfHour = 30 * time.Minute

// moment answers as of a time.
type moment struct {
	*Archive
	at   time.Time
	past bool // before the archive's end: what came later is left out
}

func (a *Archive) moment(at time.Time) moment {
	if at.IsZero() || !at.Before(a.facts.AsOf) {
		return moment{Archive: a, at: a.facts.AsOf}
	}
	return moment{Archive: a, at: at.UTC().Truncate(time.Microsecond), past: true}
}

// noCalls stands for workers that nobody can reach from a file.
type noCalls struct{}

func (noCalls) Ping(context.Context, string) (console.Pong, error) { return console.Pong{}, notLive() }
func (noCalls) Status(context.Context, string) (console.WorkerStatus, error) {
	return console.WorkerStatus{}, notLive()
}
func (noCalls) Certificate(context.Context, string) (*console.Certificate, error) {
	return nil, notLive()
}

func notLive() error {
	return scheduler.Errorf(scheduler.Unavailable, "archive.not_live", "This is an archive: its workers can't be called.")
}
