package postgres

import (
	"context"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// newestShown is how many failures and late runs an activity names.
const newestShown = 10

// activityRows is what the statements of an activity give.
type activityRows struct {
	buckets   []bucketRow
	open      []stateRow
	newest    []newestRow
	durations []durationsRow // one
}

type bucketRow struct {
	Start listTime `db:"start"`
	State string   `db:"state"`
	Runs  int      `db:"runs"`
	Late  int      `db:"late"`
}

// newestRow is a run of one of two lists.
type newestRow struct {
	List string `db:"list"` // "failed" or "late"
	runRow
}

type stateRow struct {
	State string `db:"state"`
	Runs  int    `db:"runs"`
}

type durationsRow struct {
	Durations int       `db:"durations"`
	Duration  []float64 `db:"duration"` // p50, p95, p99 in seconds; none if there are no durations
	Delays    int       `db:"delays"`
	Delay     []float64 `db:"delay"`
}

// RunActivity aggregates the runs created in [from, to) and counts the open ones of any age, all in one snapshot. What
// is late now is judged by the database's clock.
func (s *Store) RunActivity(ctx context.Context, from, to time.Time, bucket, lateAfter time.Duration) (console.RunActivity, error) {
	window := pgx.StrictNamedArgs{"from": from, "to": to}
	with := func(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
		maps.Copy(more, window)
		return more
	}
	var rows activityRows
	var counts pgx.Batch
	queue(&counts, &rows.buckets, sql.activityBuckets, with(pgx.StrictNamedArgs{"bucket": bucket, "late_after": lateAfter}))
	queue(&counts, &rows.open, sql.openRunsByState, nil)
	queue(&counts, &rows.durations, sql.activityDurations, window)

	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, conn, snapshot, func(tx pgx.Tx) error {
			if err := tx.SendBatch(ctx, &counts).Close(); err != nil {
				return err
			}
			// Looking for the newest of none would read the whole window once more.
			failures, late := min(rows.failed(), newestShown), min(rows.lateRuns(), newestShown)
			if failures+late == 0 {
				return nil
			}
			var err error
			rows.newest, err = collect[newestRow](ctx, tx.Conn(), sql.activityNewest, with(pgx.StrictNamedArgs{
				"late_after": lateAfter, "failures": failures, "late": late, "error_limit": listedError,
			}))
			return err
		})
	})
	if err != nil {
		return console.RunActivity{}, err
	}
	return rows.activity(), nil
}

func (rows activityRows) failed() (n int) {
	for _, b := range rows.buckets {
		if state := scheduler.RunState(b.State); state == scheduler.Failed || state == scheduler.TimedOut {
			n += b.Runs
		}
	}
	return n
}

func (rows activityRows) listed(list string) []scheduler.Run {
	var of []runRow
	for _, r := range rows.newest {
		if r.List == list {
			of = append(of, r.runRow)
		}
	}
	return runs(of)
}

func (rows activityRows) lateRuns() (n int) {
	for _, b := range rows.buckets {
		n += b.Late
	}
	return n
}

// queue adds a statement whose rows go into to.
func queue[T any](batch *pgx.Batch, to *[]T, sql string, args pgx.StrictNamedArgs) {
	batch.Queue(sql, args).Query(func(rows pgx.Rows) error {
		var err error
		*to, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}

func (rows activityRows) activity() console.RunActivity {
	a := console.RunActivity{
		Open:     map[scheduler.RunState]int{},
		Failures: rows.listed("failed"), FailedRuns: rows.failed(), Late: rows.listed("late"), LateRuns: rows.lateRuns(),
		Duration:   percentiles(rows.durations[0].Durations, rows.durations[0].Duration),
		StartDelay: percentiles(rows.durations[0].Delays, rows.durations[0].Delay),
	}
	for _, b := range rows.buckets {
		a.Buckets = append(a.Buckets, console.StateCount{Start: b.Start.Time, State: scheduler.RunState(b.State), Runs: b.Runs})
	}
	for _, o := range rows.open {
		a.Open[scheduler.RunState(o.State)] = o.Runs
	}
	return a
}

func percentiles(n int, seconds []float64) console.Percentiles {
	if n == 0 || len(seconds) != 3 {
		return console.Percentiles{}
	}
	return console.Percentiles{N: n, P50: duration(seconds[0]), P95: duration(seconds[1]), P99: duration(seconds[2])}
}
