package postgres

import (
	"math"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// listedError is how many characters of an error a list of runs carries; Run gives the whole.
const listedError = 2000

type runFilter = console.RunFilter

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

// placeArgs adds the cursor to the values of a filter.
func placeArgs(f runFilter, c console.Cursor) pgx.StrictNamedArgs {
	args := filterArgs(f)
	args["after_created_at"], args["after_id"] = any(c.CreatedAt), any(int64(c.ID))
	if c.IsTop() {
		args["after_created_at"], args["after_id"] = pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.Infinity}, int64(math.MaxInt64)
	}
	return args
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
