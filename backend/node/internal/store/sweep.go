package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Place is where a look through a table has come to. The zero value is its beginning.
type Place struct {
	Number int64  // the run
	Part   int    // its attempt
	Type   string // the event's
	Key    string
}

// Swept is what a look has found. Looked is how many rows it covered: fewer than asked for at the end of the table.
type Swept struct {
	Looked  int
	Removed int64
	Last    Place
}

// SweepAttempts removes, of the next attempts, those whose run is gone or, if keep is not 0, that ended that long ago. An
// attempt whose log is still in the database stays.
func (s *Store) SweepAttempts(ctx context.Context, after Place, most int, keep time.Duration) (Swept, error) {
	return s.sweep(ctx, "sweep_attempts", pgx.StrictNamedArgs{"run": after.Number, "attempt": after.Part, "most": most, "keep": keep})
}

// SweepArgs removes, of the next arguments of single runs, those whose run is gone.
func (s *Store) SweepArgs(ctx context.Context, after Place, most int, _ time.Duration) (Swept, error) {
	return s.sweep(ctx, "sweep_args", pgx.StrictNamedArgs{"run": after.Number, "most": most})
}

// SweepEventKeys removes, of the next deduplication keys, those whose event is gone or, if keep is not 0, came that long ago.
func (s *Store) SweepEventKeys(ctx context.Context, after Place, most int, keep time.Duration) (Swept, error) {
	return s.sweep(ctx, "sweep_event_keys", pgx.StrictNamedArgs{"type": after.Type, "key": after.Key, "most": most, "keep": keep})
}

func (s *Store) sweep(ctx context.Context, query string, args pgx.StrictNamedArgs) (Swept, error) {
	var w Swept
	err := s.pool.QueryRow(ctx, s.sql[query], args).
		Scan(&w.Looked, &w.Removed, &w.Last.Number, &w.Last.Part, &w.Last.Type, &w.Last.Key)
	return w, named(query, err)
}
