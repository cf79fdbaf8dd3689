package leader

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// twins are the model and a real database that get the same runs and the same ticks.
type twins struct {
	t     *testing.T
	rng   *rand.Rand
	real  *ticking
	model *model
	base  time.Time // of the runs' times; whole seconds, so that both say the same
}

// TestModelDoesWhatPostgresDoes gives both the same random tables and the same statements, one after another, and
// compares all runs after each. What the simulation proves about the model holds for PostgreSQL as far as this goes.
func TestModelDoesWhatPostgresDoes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := &twins{t: t, rng: rand.New(rand.NewPCG(seed, 2)), real: newTicking(t, 3, 1), model: newModel(), base: time.Now().Truncate(time.Second)}
			w.model.epoch, w.model.leader = 1, "w0"
			w.fill()
			for range 40 {
				w.step()
			}
		})
	}
}

func (w *twins) pick(of ...string) string { return of[w.rng.IntN(len(of))] }

func (w *twins) fill() {
	for i, policy := range []scheduler.ConcurrencyPolicy{scheduler.Allow, scheduler.Forbid, scheduler.Replace} {
		id := scheduler.JobID(i + 1)
		w.model.jobs[id] = &modelJob{Job: store.Job{ID: id, Type: scheduler.TimeJob}, enabled: true, policy: policy, retries: i, backoff: 5}
		w.real.exec(`insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
			max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at) values ('j', true, 'time', 'x', '{}', '{}', 0, $1, 5, $2, now(), now())`,
			i, string(policy))
	}
	for n := range 40 {
		r := &modelRun{
			id: scheduler.RunID(n + 1), job: scheduler.JobID(1 + w.rng.IntN(3)), attempt: w.rng.IntN(2), version: w.rng.IntN(5),
			scheduledFor: w.base.Add(time.Duration(w.rng.IntN(900)-600)*time.Second + time.Duration(n)*time.Microsecond), created: w.base,
			state: scheduler.RunState(w.pick("PENDING", "ASSIGNED", "RUNNING", "ORPHANED", "FAILED")),
		}
		var assignedAt, started, finished, deadline any
		continuation := "NONE"
		switch r.state {
		case scheduler.Assigned:
			r.worker, r.assignedAt, r.epoch = w.pick("w0", "w1", "w2", "gone"), w.base.Add(-time.Duration(w.rng.IntN(60))*time.Second), 1
			assignedAt = r.assignedAt
		case scheduler.Running:
			r.worker, r.started, r.epoch = w.pick("w0", "w1", "w2", "gone"), w.base.Add(-time.Duration(w.rng.IntN(60))*time.Second), 1
			started = r.started
			if r.confirming = w.rng.IntN(2) == 0; r.confirming {
				r.deadline, continuation = w.base.Add(time.Duration(w.rng.IntN(2)*7200-3600)*time.Second), "CONFIRMING"
				deadline = r.deadline
			}
		case scheduler.Failed:
			r.finished = w.base
			finished = r.finished
		}
		w.model.runs[r.id], w.model.slots[slotKey{r.job, r.scheduledFor.UnixMicro()}], w.model.nextRun = r, true, r.id
		if !r.state.Final() {
			w.model.open[r.id] = r
		} else if w.model.jobs[r.job].retries > 0 {
			w.model.watched[r.id] = true
			w.real.exec(`insert into opsdeck_node.retry_watch values ($1)`, n+1)
		}
		w.real.exec(`insert into scheduler_job_runs (job_definition_id, scheduled_for, state, assigned_worker_id, assigned_at, attempt, version,
			leader_epoch, started_at, finished_at, error_summary, log_ref, idempotency_key, continuation_state, continuation_check_deadline_at,
			created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9, $10, '', '', '', $11, $12, $13, now())`,
			r.job, r.scheduledFor, string(r.state), r.worker, assignedAt, r.attempt, r.version, r.epoch, started, finished, continuation, deadline, w.base)
	}
}

// step does one thing to both.
func (w *twins) step() {
	present := []string{"w0", "w1", "w2"}[:1+w.rng.IntN(3)]
	said := store.Reports{Workers: []string{"w1", "w2"}, Runs: []string{fmt.Sprint(1 + w.rng.IntN(40)), ""}}
	room := store.Room{Workers: present, Slots: make([]int32, len(present))}
	for i := range room.Slots {
		room.Slots[i] = int32(1 + w.rng.IntN(4))
	}
	some := []scheduler.RunID{scheduler.RunID(1 + w.rng.IntN(40))}
	gone := []string{"gone"}
	if w.rng.IntN(2) == 0 {
		gone = nil
	}
	ctx := w.t.Context()
	what := w.pick("skip", "orphan assigned", "orphan running", "doubt", "trust", "release", "give out", "start", "move", "retry", "end")
	w.both(what, func(tx transaction) string {
		n, err := int64(0), error(nil)
		var list any
		switch what {
		case "skip":
			n, err = tx.SkipLate(ctx, w.base.Add(-5*time.Minute))
		case "orphan assigned":
			n, err = tx.OrphanAssigned(ctx, present, w.base.Add(-30*time.Second))
		case "orphan running":
			n, err = tx.OrphanRunning(ctx)
		case "doubt":
			n, err = tx.DoubtRunning(ctx, present, gone, said, w.base.Add(-30*time.Second), time.Hour)
		case "trust":
			n, err = tx.TrustRunning(ctx, said)
		case "release":
			n, err = tx.ReleaseWaiting(ctx, room, []string{"w2"}, some)
		case "give out":
			list, err = w.giveOut(ctx, tx)
		case "start":
			list, err = tx.Startable(ctx, room, some)
			list = startable(list)
		case "move":
			list, err = w.move(ctx, tx)
		case "retry":
			list, err = w.retry(ctx, tx)
		case "end":
			list, err = tx.Contenders(ctx)
			list = opened(list.([]store.OpenRun))
		}
		if err != nil {
			w.t.Fatal(err)
		}
		return fmt.Sprint(n, list)
	})
}

func startable(list any) (ids []string) {
	for _, r := range list.([]store.StartableRun) {
		ids = append(ids, fmt.Sprint(r.ID, r.WorkerID, r.Attempt, r.Version))
	}
	return ids
}

func opened(all []store.OpenRun) (ids []string) {
	for _, r := range all {
		ids = append(ids, fmt.Sprint(r.ID, r.State, r.Worker, r.Attempt, r.Version, r.Due, r.Policy, r.Retry))
	}
	slices.Sort(ids)
	return ids
}

func (w *twins) giveOut(ctx context.Context, tx transaction) (any, error) {
	waiting, err := tx.Waiting(ctx, w.base.Add(time.Minute), []scheduler.RunID{7})
	if err != nil {
		return nil, err
	}
	loads, err := tx.Loads(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(loads, func(a, b store.Load) int { return strings.Compare(a.WorkerID, b.WorkerID) })
	var choices []store.Choice
	for i, run := range waiting {
		if i%2 == 0 {
			choices = append(choices, store.Choice{Run: run, Worker: "w1"})
		}
	}
	n, err := tx.Assign(ctx, choices)
	return fmt.Sprint(n, loads, len(waiting)), err
}

func (w *twins) move(ctx context.Context, tx transaction) (any, error) {
	movable, err := tx.Movable(ctx, w.base.Add(10*time.Second), w.base.Add(time.Hour))
	if err != nil {
		return nil, err
	}
	var choices []store.Choice
	for _, run := range movable {
		choices = append(choices, store.Choice{Run: store.OpenRun{ID: run.ID, Version: run.Version}, Worker: "w0"})
	}
	n, err := tx.Move(ctx, choices)
	return fmt.Sprint(n, len(movable)), err
}

func (w *twins) retry(ctx context.Context, tx transaction) (any, error) {
	if _, err := tx.WatchRuns(ctx); err != nil {
		return nil, err
	}
	ends, err := tx.WatchedEnds(ctx)
	if err != nil || len(ends) == 0 {
		return len(ends), err
	}
	e := ends[0]
	at := w.base.Add(time.Duration(e.ID) * time.Minute)
	made, err := tx.AddRetries(ctx, []store.Retry{{Of: e.ID, Job: e.Job, At: at, Key: fmt.Sprintf("retry:%d:1", e.ID)}})
	if err != nil {
		return nil, err
	}
	return fmt.Sprint(made, e.State, e.MaxRetries), tx.ForgetWatched(ctx, []scheduler.RunID{e.ID})
}

// both does a step to the two, by PostgreSQL's clock, and compares what it said and what it left.
func (w *twins) both(what string, do func(transaction) string) {
	w.t.Helper()
	var now time.Time
	var said string
	err := w.real.store.InTerm(w.t.Context(), w.real.leader.term, func(tx *store.LeaderTx) error {
		now, said = tx.Now(), do(tx)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if modelled := do(&modelTx{w.model, 1, now}); modelled != said {
		w.t.Fatalf("%s: PostgreSQL said %s, the model %s", what, said, modelled)
	}
	rows, err := w.real.pool.Query(w.t.Context(), `select id, format('%s %s %s v%s e%s %s %s %s', state, assigned_worker_id, attempt, version,
		coalesce(leader_epoch, 0), continuation_state, idempotency_key, error_summary) from scheduler_job_runs order by id`)
	if err != nil {
		w.t.Fatal(err)
	}
	type line struct {
		ID   scheduler.RunID
		Text string
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	if err != nil {
		w.t.Fatal(err)
	}
	if len(lines) != len(w.model.runs) {
		w.t.Fatalf("%s: PostgreSQL has %d runs, the model %d", what, len(lines), len(w.model.runs))
	}
	for _, l := range lines {
		r := w.model.runs[l.ID]
		continuation := map[bool]string{true: "CONFIRMING", false: "NONE"}[r.confirming]
		want := fmt.Sprintf("%s %s %d v%d e%d %s %s %s", r.state, r.worker, r.attempt, r.version, r.epoch, continuation, r.key, r.summary)
		if l.Text != want {
			w.t.Fatalf("%s: run %d is in PostgreSQL\n%s\nand in the model\n%s", what, l.ID, l.Text, want)
		}
	}
}
