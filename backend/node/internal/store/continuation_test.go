package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

const grace = 40 * time.Second

// inHand gives a store, in which worker w has run 1 in hand and leader l's term is epoch 1.
func inHand(t *testing.T) (*store.Store, *pgxpool.Pool, string, store.Attempt) {
	t.Helper()
	url := servertest.Database(t)
	pool := servertest.Pool(t, url)
	if err := store.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	insertJob(t, pool)
	if _, err := pool.Exec(t.Context(), `insert into scheduler_job_runs (job_definition_id, scheduled_for, state,
		assigned_worker_id, attempt, version, leader_epoch, error_summary, log_ref, idempotency_key, continuation_state,
		created_at, updated_at) values (1, now(), 'ASSIGNED', 'w', 0, 0, 1, '', '', '', 'NONE', now(), now())`); err != nil {
		t.Fatal(err)
	}
	s := open(t, url)
	if _, _, err := s.EnterTerm(t.Context(), leaderTerm, true, time.Now()); err != nil {
		t.Fatal(err)
	}
	a := store.Attempt{Run: 1, WorkerID: "w", Grace: grace}
	epoch, err := s.StartRun(t.Context(), a, 1)
	if err != nil {
		t.Fatal(err)
	}
	a.AssignedIn = epoch
	return s, pool, url, a
}

var leaderTerm = store.Term{Epoch: 2, WorkerID: "l"}

// lead does something as the leader.
func lead(t *testing.T, s *store.Store, do func(tx *store.LeaderTx) error) {
	t.Helper()
	if err := s.InTerm(t.Context(), leaderTerm, do); err != nil {
		t.Fatal(err)
	}
}

// doubt lets the leader miss w, with a setting that is shorter than what w was told.
func doubt(ctx context.Context, tx *store.LeaderTx) error {
	changed, err := tx.DoubtRunning(ctx, []string{"x"}, nil, store.Reports{}, time.Now(), time.Second)
	if err == nil && changed != 1 {
		return errors.New("the run is not doubted")
	}
	return err
}

func TestDoubtLastsAsLongAsTheWorkerWasTold(t *testing.T) {
	t.Parallel()
	s, _, _, a := inHand(t)
	if hold, err := s.Held(t.Context(), a); err != nil || hold.Doubted {
		t.Fatalf("%+v, %v", hold, err)
	}
	lead(t, s, func(tx *store.LeaderTx) error { return doubt(t.Context(), tx) })
	hold, err := s.Held(t.Context(), a)
	if err != nil || !hold.Doubted || hold.Left > grace || hold.Left < grace/2 {
		t.Errorf("%+v, %v; want %s", hold, err, grace)
	}
}

// A worker that asked a moment before a doubt was committed would take it for a proof that there is none.
func TestHeldWaitsForADoubtThatIsBeingWritten(t *testing.T) {
	t.Parallel()
	s, _, url, a := inHand(t)
	type answer struct {
		hold store.Hold
		err  error
	}
	answers := make(chan answer, 1)
	lead(t, s, func(tx *store.LeaderTx) error {
		if err := doubt(t.Context(), tx); err != nil {
			return err
		}
		go func() {
			hold, err := s.Held(t.Context(), a)
			answers <- answer{hold, err}
		}()
		return waitForLock(t, url)
	})
	if got := <-answers; got.err != nil || !got.hold.Doubted {
		t.Errorf("%+v, %v", got.hold, got.err)
	}
}

func TestOverdueDoubtIsNotTakenBack(t *testing.T) {
	t.Parallel()
	s, pool, _, a := inHand(t)
	state := func() (state string) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), `select state || ' ' || continuation_state from scheduler_job_runs`).Scan(&state); err != nil {
			t.Fatal(err)
		}
		return state
	}
	said := store.Reports{Workers: []string{"w"}, Runs: []string{"1"}}
	trust := func(tx *store.LeaderTx) error { _, err := tx.TrustRunning(t.Context(), said); return err }

	lead(t, s, func(tx *store.LeaderTx) error { return doubt(t.Context(), tx) })
	lead(t, s, trust)
	if got := state(); got != "RUNNING NONE" {
		t.Errorf("back in time: %s", got)
	}
	if err := s.DoubtOwn(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := s.TrustOwn(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != "RUNNING NONE" {
		t.Errorf("allowed to go on: %s", got)
	}

	if err := s.HandOver(t.Context(), a, store.Ending{State: scheduler.Orphaned, Summary: "stopped"}); err != nil {
		t.Fatal(err)
	}
	lead(t, s, trust)
	if err := s.TrustOwn(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != "RUNNING CONFIRMING" {
		t.Errorf("too late: %s", got)
	}
	lead(t, s, func(tx *store.LeaderTx) error { _, err := tx.OrphanRunning(t.Context()); return err })
	if got := state(); got != "ORPHANED NONE" {
		t.Errorf("handed over: %s", got)
	}
	if _, err := s.Held(t.Context(), a); !errors.Is(err, store.ErrNotYours) {
		t.Errorf("held: %v", err)
	}
	if err := s.HandOver(t.Context(), a, store.Ending{}); !errors.Is(err, store.ErrNotYours) {
		t.Errorf("handed over again: %v", err)
	}
	var attempt string
	if err := pool.QueryRow(t.Context(), `select outcome || ' ' || note from opsdeck_node.run_attempt`).Scan(&attempt); err != nil || attempt != "ORPHANED stopped" {
		t.Errorf("the attempt is %q, %v", attempt, err)
	}
}
