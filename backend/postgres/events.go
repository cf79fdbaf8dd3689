package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// eventRow is an event as event_columns.sql reads it.
type eventRow struct {
	ID          int64           `db:"id"`
	Type        string          `db:"event_type"`
	DedupeKey   *string         `db:"dedupe_key"`
	CreatedAt   listTime        `db:"created_at"`
	ProcessedAt optionalTime    `db:"processed_at"`
	Size        int64           `db:"size"`
	Payload     json.RawMessage `db:"payload"`
}

func (r eventRow) event() console.Event {
	return console.Event{
		ID: r.ID, Type: r.Type, DedupeKey: r.DedupeKey, CreatedAt: r.CreatedAt.Time, ProcessedAt: r.ProcessedAt.Time,
		Size: r.Size, Payload: r.Payload,
	}
}

// outOfOrder is how far ids and creation times may be out of step: as long as a transaction that takes in an event may run.
const outOfOrder = time.Hour

// ListEvents finds a page of events. Payloads above 2,000 bytes are left out.
func (s *Store) ListEvents(ctx context.Context, filter console.EventFilter, cursor console.Cursor, size int) (console.Stretch[console.Event], error) {
	q := search[eventRow, int64]{
		newer: cursor.Newer, size: size, details: listedDetail,
		place: eventPlace(cursor), filter: eventFilter(filter),
		filtered: filter != console.EventFilter{},
		indexed:  filter.Processed != nil && !*filter.Processed,
		next: func(place pgx.StrictNamedArgs, edge int64) (console.Cursor, bool) {
			place["after_id"] = edge
			return console.Cursor{ID: edge, Newer: cursor.Newer}, edge > 0
		},
	}
	var found []eventRow
	var reached *console.Cursor
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		statements := sql.trail(factsOf(conn))
		if q.statements = statements.olderEvents; cursor.Newer {
			q.statements = statements.newerEvents
		}
		if err := narrowByTime(ctx, conn, filter, q.place); err != nil {
			return err
		}
		var err error
		found, reached, err = q.run(ctx, conn, s.effort)
		return err
	})
	return stretchOf(found, size, cursor.Newer, reached, eventRow.event), err
}

func eventPlace(c console.Cursor) pgx.StrictNamedArgs {
	after := c.ID
	if c.IsTop() {
		after = math.MaxInt64
	}
	return pgx.StrictNamedArgs{"after_id": after, "low_id": int64(math.MinInt64), "high_id": int64(math.MaxInt64)}
}

func eventFilter(f console.EventFilter) pgx.StrictNamedArgs {
	// That an event was not processed is asked as a null test, which the index on (processed_at, created_at) answers.
	processed, unprocessed := f.Processed, (*bool)(nil)
	if processed != nil && !*processed {
		yes := true
		processed, unprocessed = nil, &yes
	}
	return pgx.StrictNamedArgs{
		"event_type": given(f.Type), "dedupe_key": given(f.DedupeKey), "processed": processed, "unprocessed": unprocessed,
		"from": f.From, "before": f.Before, "text": given(containing(f.Text)),
	}
}

// narrowByTime finds the ids that a time range can have, so that nothing else has to be looked at.
func narrowByTime(ctx context.Context, conn *pgx.Conn, f console.EventFilter, place pgx.StrictNamedArgs) error {
	for name, at := range map[string]*time.Time{"low_id": f.From, "high_id": f.Before} {
		if at == nil {
			continue
		}
		room := -outOfOrder
		if name == "high_id" {
			room = outOfOrder
		}
		var id *int64
		if err := conn.QueryRow(ctx, sql.trail(factsOf(conn)).eventsAt, pgx.StrictNamedArgs{"at": at.Add(room)}).Scan(&id); err != nil {
			return err
		}
		if id != nil {
			place[name] = *id
		}
	}
	return nil
}

// Event gives one event, with a payload of up to a mebibyte.
func (s *Store) Event(ctx context.Context, id int64) (console.Event, error) {
	var found []eventRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		found, err = collect[eventRow](ctx, conn, sql.trail(factsOf(conn)).event, pgx.StrictNamedArgs{"id": id, "detail_limit": shownDetail})
		return err
	})
	if err != nil {
		return console.Event{}, err
	}
	if len(found) == 0 {
		return console.Event{}, scheduler.Errorf(scheduler.NotFound, "events.not_found", "There is no event %d.", id).
			With("event", strconv.FormatInt(id, 10))
	}
	return found[0].event(), nil
}

type eventRunRow struct {
	EventID int64  `db:"event_id"`
	RunID   int64  `db:"run_id"`
	JobID   int64  `db:"job_definition_id"`
	JobName string `db:"job_name"`
	State   string `db:"state"`
}

// An event's runs are made in the transaction that takes it in. Clocks of the two may differ a little.
const (
	madeBefore  = 5 * time.Second
	madeAfter   = 30 * time.Second
	mostOfEvent = 100 // runs of one event that are listed
)

// EventRuns gives the runs that events made, up to 100 an event.
func (s *Store) EventRuns(ctx context.Context, events []console.Event) ([]console.EventRun, error) {
	var ids []int64
	var keys []string
	var since, until []time.Time
	look := func(e console.Event, at time.Time) {
		ids, keys = append(ids, e.ID), append(keys, eventKey(e))
		since, until = append(since, at.Add(-madeBefore)), append(until, at.Add(madeAfter))
	}
	for _, e := range events {
		look(e, e.CreatedAt)
		if e.ProcessedAt != nil && e.ProcessedAt.Sub(e.CreatedAt) > madeAfter-madeBefore {
			look(e, *e.ProcessedAt)
		}
	}
	var runs []console.EventRun
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := collect[eventRunRow](ctx, conn, sql.eventRuns, pgx.StrictNamedArgs{
			"ids": ids, "keys": keys, "since": since, "until": until, "page": mostOfEvent,
		})
		for _, r := range rows {
			runs = append(runs, console.EventRun{
				EventID: r.EventID, RunID: scheduler.RunID(r.RunID), JobID: scheduler.JobID(r.JobID), JobName: r.JobName,
				State: scheduler.RunState(r.State),
			})
		}
		return err
	})
	return runs, err
}

// eventKey begins the idempotency key of every run that an event makes; the job's id follows.
func eventKey(e console.Event) string {
	if e.DedupeKey != nil && *e.DedupeKey != "" {
		return fmt.Sprintf("event:%s:%s:job:", e.Type, *e.DedupeKey)
	}
	return fmt.Sprintf("event:%d:job:", e.ID)
}
