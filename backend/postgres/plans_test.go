package postgres

import (
	"maps"
	"regexp"
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
	newest := pgx.StrictNamedArgs{"failures": newestShown, "late": newestShown, "error_limit": listedError, "late_after": time.Minute}
	walked := func(f console.RunFilter) pgx.StrictNamedArgs {
		args := pageArgs(f, console.AtTime(base), 51)
		args["walk"] = 1000
		return args
	}
	listed := func(args, more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		maps.Copy(args, more)
		args["page"], args["detail_limit"] = 51, listedDetail
		return args
	}
	audit := func(f console.AuditFilter, more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		return listed(merged(auditPlace(f, console.AtTime(base)), auditFilter(f)), more)
	}
	events := func(f console.EventFilter, more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		return listed(merged(eventPlace(console.Cursor{ID: 1000}), eventFilter(f)), more)
	}
	failed := console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}
	for name, question := range map[string]struct {
		sql  string
		args pgx.StrictNamedArgs
	}{
		"activity, buckets":   {sql.activityBuckets, window(pgx.StrictNamedArgs{"bucket": time.Minute, "late_after": time.Minute})},
		"activity, durations": {sql.activityDurations, window(nil)},
		"jobs' states":        {sql.jobActivityStates, window(nil)},
		"jobs' durations":     {sql.jobActivityDurations, window(nil)},
		"activity, newest":    {sql.activityNewest, window(newest)},
		"open runs by state":  {sql.openRunsByState, nil},
		"open runs by worker": {sql.openRunsByWorker, nil},
		"jobs":                {sql.jobs, pgx.StrictNamedArgs{"recent": 50}},
		"job outcomes":        {sql.jobOutcomes, pgx.StrictNamedArgs{"job_id": 1, "page": 100}},
		"runs scheduled":      {sql.runsScheduled, window(pgx.StrictNamedArgs{"page": 100})},
		"runs in hand":        {sql.runsInHand, window(pgx.StrictNamedArgs{"page": 100, "reach": base.Add(-time.Hour)})},
		"runs watched":        {sql.runsWatched, pgx.StrictNamedArgs{"jobs": []int64{1}, "ids": []int64{1}, "back": time.Minute, "page": 100}},
		"one run":             {sql.run, pgx.StrictNamedArgs{"id": 1, "error_limit": 1}},
		"older page":          {sql.older.walk, walked(console.RunFilter{})},
		"newer page":          {sql.newer.walk, walked(console.RunFilter{})},
		"older page, walked":  {sql.older.walk, walked(failed)},
		"by state":            {sql.older.gather, pageArgs(failed, console.Cursor{}, 51)},
		"by worker":           {sql.older.gather, pageArgs(console.RunFilter{WorkerID: "w"}, console.Cursor{}, 51)},
		"by job":              {sql.newer.gather, pageArgs(console.RunFilter{JobID: 1}, console.Cursor{}, 51)},
		"failures":            {sql.failedRuns, window(pgx.StrictNamedArgs{"page": 100, "head": 10, "tail": 10})},
		"runs of events":      {sql.eventRuns, eventRunArgs()},
		"audit, newest":       {sql.tables.olderAudit.match, audit(console.AuditFilter{}, pgx.StrictNamedArgs{"edge": nil})},
		"audit, newer":        {sql.tables.newerAudit.match, audit(console.AuditFilter{}, pgx.StrictNamedArgs{"edge": nil})},
		"audit, a stretch":    {sql.tables.olderAudit.match, audit(console.AuditFilter{Text: "x"}, pgx.StrictNamedArgs{"edge": base})},
		"audit, by action":    {sql.tables.olderAudit.gather, audit(console.AuditFilter{Actions: []string{"a"}}, nil)},
		"audit, one":          {sql.tables.auditEntry, pgx.StrictNamedArgs{"id": 1, "detail_limit": 1}},
		"setting changes":     {sql.tables.settingChanges, nil},
		"events, newest":      {sql.tables.olderEvents.match, events(console.EventFilter{}, pgx.StrictNamedArgs{"edge": nil})},
		"events, a stretch":   {sql.tables.newerEvents.match, events(console.EventFilter{Text: "x"}, pgx.StrictNamedArgs{"edge": int64(1)})},
		"events, unprocessed": {sql.tables.olderEvents.gather, events(console.EventFilter{Processed: new(bool)}, nil)},
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

func eventRunArgs() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"ids": []int64{1}, "keys": []string{"event:1:job:"}, "since": []time.Time{base}, "until": []time.Time{base}, "page": 9}
}

var (
	wholeTable = regexp.MustCompile(`Seq Scan on scheduler_(job_runs|events|admin_action_logs)`)
	byIndex    = regexp.MustCompile(`sched_(jobrun|audit|event)|scheduler_(job_runs|events|admin_action_logs)_`)
)

// readsAll tells whether a step of a plan reads one of the growing tables, or an index of theirs, without a condition to
// start from.
func readsAll(steps []string) bool {
	for i, step := range steps {
		bounded := i+1 < len(steps) && strings.Contains(steps[i+1], "Index Cond:")
		if wholeTable.MatchString(step) || byIndex.MatchString(step) && strings.Contains(step, "->") && !bounded {
			return true
		}
	}
	return false
}
