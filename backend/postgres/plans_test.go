package postgres

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Every question that screens ask again and again can be answered through the scheduler's own indexes. On a table as small
// as a test's the planner would read all of it all the same, so it is told not to: what is left must be an index.
func TestNothingHasToReadTheWholeTable(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	window := func(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		args := pgx.StrictNamedArgs{"from": base, "to": base.Add(time.Hour)}
		maps.Copy(args, more)
		return args
	}
	shown := pgx.StrictNamedArgs{"page": newestShown, "error_limit": listedError}
	late := pgx.StrictNamedArgs{"page": newestShown, "error_limit": listedError, "late_after": time.Minute}
	walked := func(f console.RunFilter) pgx.StrictNamedArgs {
		args := pageArgs(f, console.AtTime(base), 51)
		args["walk"] = 1000
		return args
	}
	failed := console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}
	for name, question := range map[string]struct {
		sql  string
		args pgx.StrictNamedArgs
	}{
		"activity, buckets":   {sql.activityBuckets, window(pgx.StrictNamedArgs{"bucket": time.Minute, "late_after": time.Minute})},
		"activity, durations": {sql.activityDurations, window(nil)},
		"activity, failures":  {sql.failures, window(shown)},
		"activity, late":      {sql.lateRuns, window(late)},
		"open runs by state":  {sql.openRunsByState, nil},
		"open runs by worker": {sql.openRunsByWorker, nil},
		"jobs":                {sql.jobs, pgx.StrictNamedArgs{"recent": 50}},
		"job outcomes":        {sql.jobOutcomes, pgx.StrictNamedArgs{"job_id": 1, "page": 100}},
		"runs scheduled":      {sql.runsScheduled, window(pgx.StrictNamedArgs{"page": 100})},
		"runs in hand":        {sql.runsInHand, window(pgx.StrictNamedArgs{"page": 100, "reach": base.Add(-time.Hour)})},
		"one run":             {sql.run, pgx.StrictNamedArgs{"id": 1, "error_limit": 1}},
		"older page":          {sql.older.walk, walked(console.RunFilter{})},
		"newer page":          {sql.newer.walk, walked(console.RunFilter{})},
		"older page, walked":  {sql.older.walk, walked(failed)},
		"by state":            {sql.older.gather, pageArgs(failed, console.Cursor{}, 51)},
		"by worker":           {sql.older.gather, pageArgs(console.RunFilter{WorkerID: "w"}, console.Cursor{}, 51)},
		"by job":              {sql.newer.gather, pageArgs(console.RunFilter{JobID: 1}, console.Cursor{}, 51)},
	} {
		t.Run(name, func(t *testing.T) {
			tx, err := c.pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(t.Context()) }()
			if _, err := tx.Exec(t.Context(), "set local plan_cache_mode = force_custom_plan; set local enable_seqscan = off"); err != nil {
				t.Fatal(err)
			}
			rows, err := tx.Query(t.Context(), "explain "+question.sql, question.args)
			if err != nil {
				t.Fatal(err)
			}
			steps, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			if readsAll(steps) {
				t.Errorf("the table is read from end to end:\n%s", strings.Join(steps, "\n"))
			}
		})
	}
}

// readsAll tells whether a step of a plan reads the runs, or an index of theirs, without a condition to start from.
func readsAll(steps []string) bool {
	for i, step := range steps {
		index := strings.Contains(step, "sched_jobrun") || strings.Contains(step, "scheduler_job_runs_")
		bounded := i+1 < len(steps) && strings.Contains(steps[i+1], "Index Cond:")
		if strings.Contains(step, "Seq Scan on scheduler_job_runs") || index && !bounded {
			return true
		}
	}
	return false
}
