package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func signature() operations.Signature {
	return operations.Signature{ID: operations.NewID(), Reason: "because", Note: operations.Origin{Host: "desk-7", ClientTime: time.Now()}}
}

func TestWithoutTheGateThereIsNoWayToWrite(t *testing.T) {
	t.Parallel()
	if c := newCluster(t); c.store.Gate() != nil {
		t.Error("a store without the gate gives one")
	}
}

// What the server refuses was not done, is not called lost, and leaves no transaction behind.
func TestAWriteThatFailsIsRolledBack(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	run := c.addRuns(scheduler.Run{JobID: c.addJob("report"), ScheduledFor: at(0)})[0]
	store := open(t, servertest.Gate(t, c.url).Operator)
	cancel := operations.Call{
		Signature: signature(), Function: "run_cancel_waiting", Args: map[string]any{"run_id": int64(run), "seen_version": 0},
	}
	holder, err := c.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.Exec(t.Context(), "select from scheduler_job_runs where id = $1 for update", int64(run)); err != nil {
		t.Fatal(err)
	}
	_, err = store.Gate().Do(t.Context(), cancel)
	if reasonOf(err) != "postgres.locked" || errors.Is(err, operations.ErrLost) {
		t.Errorf("while somebody holds the run: %v", err)
	}
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	verdict, err := store.Gate().Do(t.Context(), cancel)
	if err != nil || verdict.Result != "done" || verdict.AuditID == 0 {
		t.Errorf("afterwards: %+v, %v", verdict, err)
	}
	again, err := store.Gate().Do(t.Context(), cancel)
	if err != nil || again.AuditID != verdict.AuditID {
		t.Errorf("the same once more: %+v, %v", again, err)
	}
	store.sealer.running.Wait() // sealing goes on beside the operation
	var open int
	err = c.pool.QueryRow(t.Context(), `select count(*) from pg_stat_activity where datname = current_database() and usename like '%_operator'
	  and (xact_start is not null or state like '%transaction%')`).Scan(&open)
	if err != nil || open != 0 || store.pool.Stat().AcquiredConns() != 0 {
		t.Errorf("%d transactions are left open, %v", open, err)
	}
	if _, err := store.Gate().Do(t.Context(), operations.Call{Signature: signature(), Function: "nothing"}); err == nil {
		t.Error("a function that the gate doesn't have was called")
	}
}

func TestAWriteThatTakesTooLongIsGivenUp(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	run := c.addRuns(scheduler.Run{JobID: c.addJob("report"), ScheduledFor: at(0)})[0]
	store := open(t, servertest.Gate(t, c.url).Operator)
	holder, err := c.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Rollback(context.WithoutCancel(t.Context()))
	if _, err := holder.Exec(t.Context(), "select from scheduler_job_runs where id = $1 for update", int64(run)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = store.Gate().Do(ctx, operations.Call{
		Signature: signature(), Function: "run_cancel_waiting", Args: map[string]any{"run_id": int64(run), "seen_version": 0},
	})
	// The server may have heard of our giving up, and then it says that nothing was done.
	if reasonOf(err) != "postgres.timeout" && reasonOf(err) != "postgres.withdrawn" {
		t.Errorf("%v", err)
	}
}

// Django stops operating, not looking: what a deactivated user's login may read stays, and the console is told whose it is.
func TestADeactivatedUserIsToldApart(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	store := open(t, servertest.Gate(t, c.url).Operator)
	for _, active := range []bool{true, false, true} {
		if _, err := c.pool.Exec(t.Context(), "update auth_user set is_active = $1 where username = 'operator'", active); err != nil {
			t.Fatal(err)
		}
		operator, err := store.Operator(t.Context())
		if err != nil || operator.Username != "operator" || operator.Inactive == active || operator.Rights.Operate != active || operator.ReadOnly == active {
			t.Errorf("active %t: %+v, %v", active, operator, err)
		}
	}
	owner := servertest.Connect(t, servertest.Superuser(t, c.url))
	if _, err := owner.Exec(t.Context(), "delete from opsdeck.operator where username = 'operator'"); err != nil {
		t.Fatal(err)
	}
	if operator, err := store.Operator(t.Context()); err != nil || operator.Inactive || operator.Username != "" {
		t.Errorf("nobody's login: %+v, %v", operator, err)
	}
}
