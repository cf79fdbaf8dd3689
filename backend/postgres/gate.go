package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Gate calls the functions of the schema opsdeck, which are all that may write. Only what they do runs in a transaction
// that can write at all.
type Gate struct{ store *Store }

var (
	_ operations.Gate    = (*Gate)(nil)
	_ operations.Records = (*Gate)(nil)
)

// Gate gives the gate of this database; nil where it isn't installed.
func (s *Store) Gate() *Gate {
	if !s.hasGate {
		return nil
	}
	return &Gate{s}
}

type verdictRow struct {
	Result  *string         `db:"result"`
	Reason  *string         `db:"reason"`
	Detail  json.RawMessage `db:"detail"`
	AuditID *int64          `db:"audit_id"`
}

// Do calls one function.
func (g *Gate) Do(ctx context.Context, call operations.Call) (operations.Verdict, error) {
	text, known := gateCalls[call.Function]
	if !known {
		return operations.Verdict{}, fmt.Errorf("the gate has no function %q", call.Function)
	}
	args := pgx.StrictNamedArgs{"operation": string(call.ID)}
	if call.Reason != "" { // not inside of a begun operation
		addSignature(args, call.Signature)
	}
	for name, value := range call.Args {
		if raw, ok := value.(json.RawMessage); ok && raw == nil {
			value = nil
		}
		args[name] = value
	}
	v, err := g.verdict(ctx, text, args)
	if err == nil && call.Reason != "" { // what is done inside of a begun operation is sealed with its end
		g.store.sealer.soon(g.store)
	}
	return v, err
}

// Begin writes down that an operation is about to be done.
func (g *Gate) Begin(ctx context.Context, intent operations.Intent) (operations.Verdict, error) {
	args := pgx.StrictNamedArgs{
		"operation": string(intent.ID), "action": intent.Action, "target": intent.Target, "detail": intent.Detail,
	}
	addSignature(args, intent.Signature)
	return g.verdict(ctx, gateCalls["begin"], args)
}

// Finish writes down how it ended.
func (g *Gate) Finish(ctx context.Context, id operations.OperationID, result operations.JournalResult, observed any) error {
	v, err := g.verdict(ctx, gateCalls["finish"], pgx.StrictNamedArgs{
		"operation": string(id), "result": string(result), "observed": observed,
	})
	if err == nil && v.Result != "done" {
		err = scheduler.Errorf(scheduler.Forbidden, "operation.not_closed", "The database did not let this operation be closed: %s.", v.Reason)
	}
	if err == nil {
		g.store.sealer.soon(g.store)
	}
	return err
}

func addSignature(args pgx.StrictNamedArgs, s operations.Signature) {
	args["reason"], args["note"], args["epoch"] = s.Reason, s.Note, s.Epoch
}

func (g *Gate) verdict(ctx context.Context, text string, args pgx.StrictNamedArgs) (operations.Verdict, error) {
	rows, err := write[verdictRow](ctx, g.store, text, args)
	if err != nil {
		return operations.Verdict{}, err
	}
	if len(rows) != 1 || rows[0].Result == nil {
		return operations.Verdict{}, fmt.Errorf("the gate answered %d rows without a result", len(rows))
	}
	v := operations.Verdict{Result: *rows[0].Result, Reason: orEmpty(rows[0].Reason), Detail: rows[0].Detail}
	if rows[0].AuditID != nil {
		v.AuditID = *rows[0].AuditID
	}
	return v, nil
}

// write runs one statement in a transaction that may write, all of it in one round trip. Where the answer is lost it may have
// been carried out.
func write[T any](ctx context.Context, s *Store, text string, args pgx.StrictNamedArgs) (result []T, err error) {
	ctx, cancel := context.WithTimeout(ctx, queryDeadline)
	defer cancel()
	conn, err := s.acquire(ctx)
	if err != nil {
		return nil, err
	}
	s.wrote.Store(time.Now().UnixNano())
	defer conn.Release() // a connection whose transaction is still open is closed by this
	batch := &pgx.Batch{}
	batch.Queue("begin read write")
	batch.Queue(text, args).Query(func(rows pgx.Rows) error {
		result, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
	batch.Queue("commit")
	began := time.Now()
	err = conn.SendBatch(ctx, batch).Close()
	s.suspect(ctx, began)
	if err != nil && !saidNo(err) && !pgconn.SafeToRetry(err) {
		err = errors.Join(operations.ErrLost, err)
	}
	if isStandby(err) {
		s.pool.Reset() // the primary is elsewhere by now, and the next connection looks for it
	}
	return result, s.explain(err)
}

type openRow struct {
	Operation string          `db:"operation"`
	Action    string          `db:"action"`
	Target    string          `db:"target"`
	Actor     string          `db:"actor"`
	Login     string          `db:"login"`
	Reason    string          `db:"reason"`
	Epoch     *int64          `db:"epoch"`
	Detail    json.RawMessage `db:"detail"`
	BegunAt   listTime        `db:"begun_at"`
	Unknown   bool            `db:"unknown"`
	Age       float64         `db:"age"`
}

// Open lists operations that were begun and not finished.
func (g *Gate) Open(ctx context.Context) ([]operations.OpenOperation, error) {
	rows, err := ask[openRow](ctx, g.store, gateCalls["open"], nil)
	list := make([]operations.OpenOperation, len(rows))
	for i, r := range rows {
		list[i] = operations.OpenOperation{
			ID: operations.OperationID(r.Operation), Action: r.Action, Target: r.Target, Actor: r.Actor, Login: r.Login,
			Reason: r.Reason, Epoch: r.Epoch, Detail: r.Detail, BegunAt: r.BegunAt.Time, Unknown: r.Unknown, Age: duration(math.Max(r.Age, 0)),
		}
	}
	return list, err
}

// CountRunsOf counts every run of a job.
func (g *Gate) CountRunsOf(ctx context.Context, job scheduler.JobID) (int64, error) {
	type row struct {
		Runs int64 `db:"runs"`
	}
	rows, err := ask[row](ctx, g.store, gateCalls["count_runs_of"], pgx.StrictNamedArgs{"job_id": int64(job)})
	if err != nil {
		return 0, err
	}
	return rows[0].Runs, nil
}

type settingRow struct {
	Key       string          `db:"key"`
	Value     json.RawMessage `db:"value"`
	Secret    bool            `db:"is_secret"`
	Editable  bool            `db:"editable"`
	UpdatedAt *time.Time      `db:"updated_at"`
}

// Setting gives one setting as this login may see it.
func (g *Gate) Setting(ctx context.Context, key string) (operations.Setting, error) {
	rows, err := ask[settingRow](ctx, g.store, gateCalls["setting"], pgx.StrictNamedArgs{"key": key})
	if err != nil {
		return operations.Setting{}, err
	}
	if len(rows) == 0 {
		return operations.Setting{}, scheduler.Errorf(scheduler.NotFound, "setting.unknown", "There is no setting %q.", key).With("setting", key)
	}
	return operations.Setting(rows[0]), nil
}

// EventJobs lists the enabled jobs that an event of this type starts, by the same reading of schedules as everywhere.
func (g *Gate) EventJobs(ctx context.Context, eventType string) ([]scheduler.Job, error) {
	jobs, err := g.store.EnabledJobs(ctx)
	var waiting []scheduler.Job
	for _, j := range jobs {
		if j.Type != scheduler.EventJob {
			continue
		}
		schedule, bad := scheduler.ParseSchedule(j.Type, j.Schedule)
		if bad == nil && slices.Contains(schedule.EventTypes(), eventType) {
			waiting = append(waiting, j)
		}
	}
	return waiting, err
}

// ask runs one query in a read-only session.
func ask[T any](ctx context.Context, s *Store, text string, args pgx.StrictNamedArgs) (rows []T, err error) {
	err = s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err = collect[T](ctx, conn, text, args)
		return err
	})
	return rows, err
}
