package postgres

import (
	"math"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/opsdeck/opsdeck/backend/console"
)

// listedError is how many characters of an error a list of runs carries; Run gives the whole.
const listedError = 2000

type runFilter = console.RunFilter

// filterArgs are the values of run_filter.sql.
func filterArgs(f runFilter) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"states":         states(f),
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

func states(f runFilter) []string {
	var list []string
	for _, s := range f.States {
		list = append(list, string(s))
	}
	return list
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
