package sandbox

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/sandbox/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

var (
	//go:embed insert_event.sql
	insertEvent string
	//go:embed event_jobs.sql
	eventJobs string
	//go:embed insert_event_run.sql
	insertEventRun string
)

// startFeeder lets events arrive for as long as the sandbox runs, as the Django application's API would take them in.
func (s *Sandbox) startFeeder(ctx context.Context) error {
	feeding, end := context.WithCancel(context.WithoutCancel(ctx))
	s.endFeeder = end
	s.feeder.Go(func() {
		for {
			select {
			case <-time.After(s.config.EventEvery/2 + rand.N(s.config.EventEvery)):
			case <-feeding.Done():
				return
			}
			if err := s.feed(feeding, catalog.Events[rand.IntN(len(catalog.Events))]); err != nil && feeding.Err() == nil {
				s.config.Log.Warn("the sandbox's event could not be written", "err", err)
			}
		}
	})
	return nil
}

// feed takes in one event: the event, and a waiting run for every enabled job that wants it, in one transaction.
func (s *Sandbox) feed(ctx context.Context, spec catalog.Event) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.logins.ownerURL(s.postgres))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	number := rand.IntN(1_000_000)
	payload := fmt.Sprintf(spec.Payloads[rand.IntN(len(spec.Payloads))], number)
	var dedupe *string
	if spec.Deduped {
		key := fmt.Sprintf("A-%d", number)
		dedupe = &key
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, insertEvent, pgx.NamedArgs{
			"event_type": spec.Type, "payload": payload, "dedupe_key": dedupe,
		}).Scan(&id); err != nil {
			return err
		}
		jobs, err := waitingFor(ctx, tx, spec.Type)
		if err != nil {
			return err
		}
		for _, job := range jobs {
			if _, err := tx.Exec(ctx, insertEventRun, pgx.NamedArgs{
				"job_definition_id": job, "idempotency_key": history.EventKey(id, spec.Type, dedupe, job),
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// waitingFor lists the enabled jobs that want an event type.
func waitingFor(ctx context.Context, tx pgx.Tx, eventType string) ([]scheduler.JobID, error) {
	type row struct {
		ID       scheduler.JobID
		Schedule json.RawMessage
	}
	rows, err := tx.Query(ctx, eventJobs)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, err
	}
	var ids []scheduler.JobID
	for _, r := range all {
		schedule, err := scheduler.ParseSchedule(scheduler.EventJob, r.Schedule)
		if err == nil && slices.Contains(schedule.EventTypes(), eventType) {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}
