package postgres

import (
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// listedError is how many characters of an error a list of runs carries; Run gives the whole.
const listedError = 2000

type runFilter = console.RunFilter

// refuse tells what the database can't be asked for: it has no index of logs, and reading them all would hold up who writes them.
func refuse(f runFilter) error {
	if f.LogText == "" {
		return nil
	}
	return scheduler.Errorf(scheduler.Invalid, "runs.no_log_search",
		"Logs can be searched in an archive and not in a live cluster. Export the runs in question, and search there.")
}

// filterArgs are the values of run_filter.sql.
func filterArgs(f runFilter) pgx.StrictNamedArgs {
	state, states := statesOf(f)
	return pgx.StrictNamedArgs{
		"state":          state,
		"states":         states,
		"job_id":         given(int64(f.JobID)),
		"worker_id":      given(f.WorkerID),
		"epoch":          f.Epoch,
		"min_attempt":    given(f.MinAttempt),
		"min_duration":   given(f.MinDuration),
		"max_duration":   given(f.MaxDuration),
		"later_than":     given(f.LaterThan),
		"error_text":     given(containing(f.ErrorText)),
		"created_from":   f.CreatedFrom,
		"created_before": f.CreatedBefore,
	}
}

// pageArgs adds the size of a page to the values of a filter and a cursor.
func pageArgs(f runFilter, c console.Cursor, page int) pgx.StrictNamedArgs {
	args := placeArgs(f, c)
	args["page"], args["error_limit"] = page, listedError
	return args
}

// placeArgs adds the place where the list starts to the values of a filter.
func placeArgs(f runFilter, c console.Cursor) pgx.StrictNamedArgs {
	args := filterArgs(f)
	args["after_created_at"], args["after_id"] = start(f, c)
	return args
}

// start is the place that the first run must follow: the cursor, or the edge of the time range where that is nearer. An
// index of two columns is searched from this place only, and would otherwise be read from the cursor up to the range.
func start(f runFilter, c console.Cursor) (createdAt pgtype.Timestamptz, id int64) {
	at := func(t time.Time) pgtype.Timestamptz { return pgtype.Timestamptz{Valid: true, Time: t} }
	switch {
	case c.Newer && f.CreatedFrom != nil && c.CreatedAt.Before(*f.CreatedFrom):
		return at(*f.CreatedFrom), math.MinInt64
	case !c.Newer && f.CreatedBefore != nil && (c.IsTop() || c.CreatedAt.After(*f.CreatedBefore)):
		return at(*f.CreatedBefore), math.MinInt64
	case c.IsTop():
		return pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.Infinity}, math.MaxInt64
	}
	return at(c.CreatedAt), c.ID
}

// statesOf gives a filter's states, the only one or all; nil for none, since an empty list would match no run.
func statesOf(f runFilter) (one *scheduler.RunState, all []scheduler.RunState) {
	switch len(f.States) {
	case 0:
		return nil, nil
	case 1:
		return &f.States[0], nil
	}
	return nil, f.States
}

// given is nil for a filter's zero value, which matches every run.
func given[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// containing is the ILIKE pattern that finds text literally.
func containing(text string) string {
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
