package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// What is swept away is what nothing needs any more, however short the stretches are in which it is looked for.
func TestSweepsRemoveWhatNothingNeeds(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	pool := servertest.Pool(t, url)
	if err := store.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	insertJob(t, pool)
	// Runs 1 to 3 are there, 4 to 6 have been deleted; so have the events 4 to 6.
	for _, sql := range []string{
		`insert into scheduler_job_runs (job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version, error_summary,
		   log_ref, idempotency_key, continuation_state, created_at, updated_at)
		 select 1, now() + n * interval '1 second', 'SUCCEEDED', '', 0, 0, '', '', '', 'NONE', now(), now() from generate_series(1, 3) n`,
		`insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, ended_at, log_kept)
		 select r, a, 'w', 1, now() - interval '9 days', now() - interval '9 days', a = 2 from generate_series(1, 6) r, generate_series(0, 2) a`,
		`insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, log_kept) values (6, 3, 'w', 1, now(), false)`,
		`update opsdeck_node.run_attempt set ended_at = now() where run_id = 3`,
		`insert into opsdeck_node.run_args select n, '{}' from generate_series(1, 6) n`,
		`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at)
		 select 'a', '{}', n::text, now() from generate_series(1, 3) n`,
		`insert into opsdeck_node.event_key
		 select 'a', n::text, n, case when n = 3 then now() else now() - interval '9 days' end from generate_series(1, 6) n`,
	} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, url)
	const week = 7 * 24 * time.Hour
	for _, step := range []struct {
		what    string
		sweep   func(context.Context, store.Place, int, time.Duration) (store.Swept, error)
		keep    time.Duration
		removed int64
		left    string
		want    []string
	}{
		{"attempts", s.SweepAttempts, 0, 6, "select run_id || '/' || attempt from opsdeck_node.run_attempt order by run_id, attempt",
			[]string{"1/0", "1/1", "1/2", "2/0", "2/1", "2/2", "3/0", "3/1", "3/2", "4/2", "5/2", "6/2", "6/3"}},
		{"old attempts", s.SweepAttempts, week, 4, "select run_id || '/' || attempt from opsdeck_node.run_attempt order by run_id, attempt",
			[]string{"1/2", "2/2", "3/0", "3/1", "3/2", "4/2", "5/2", "6/2", "6/3"}},
		{"arguments", s.SweepArgs, 0, 3, "select run_id::text from opsdeck_node.run_args order by run_id", []string{"1", "2", "3"}},
		{"event keys", s.SweepEventKeys, 0, 3, "select dedupe_key from opsdeck_node.event_key order by 1", []string{"1", "2", "3"}},
		{"old event keys", s.SweepEventKeys, week, 2, "select dedupe_key from opsdeck_node.event_key order by 1", []string{"3"}},
	} {
		const stretch = 4
		var removed int64
		for w := (store.Swept{Looked: stretch}); w.Looked == stretch; removed += w.Removed {
			var err error
			if w, err = step.sweep(t.Context(), w.Last, stretch, step.keep); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
		}
		rows, err := pool.Query(t.Context(), step.left)
		if err != nil {
			t.Fatal(err)
		}
		left, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || removed != step.removed || !slices.Equal(left, step.want) {
			t.Errorf("%s: %d removed, left %v, error %v", step.what, removed, left, err)
		}
	}
}
