package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type eventQuery struct {
	Type, Key, Processed, From, Before, Text bool
	Order                                    string
}

func (m moment) scanEvent(rows *sql.Rows) (e console.Event, err error) {
	var payload document
	var created required
	var processed instant
	err = rows.Scan(&e.ID, &e.Type, &payload, &e.Size, &e.DedupeKey, &created, &processed)
	e.Payload, e.CreatedAt, e.ProcessedAt = payload.RawMessage, created.Time, processed.Time
	if e.ProcessedAt != nil && e.ProcessedAt.After(m.at) {
		e.ProcessedAt = nil
	}
	return e, err
}

// ListEvents finds a page of events, stretch by stretch.
func (m moment) ListEvents(ctx context.Context, f console.EventFilter, cursor console.Cursor, size int) (console.Stretch[console.Event], error) {
	var found console.Stretch[console.Event]
	var r reach
	err := m.each(ctx, "event_bounds", nil, nil, func(rows *sql.Rows) error { return rows.Scan(&r.low, &r.high) })
	if err != nil {
		return found, err
	}
	q := eventQuery{Type: f.Type != "", Key: f.DedupeKey != "", Processed: f.Processed != nil, From: f.From != nil, Before: f.Before != nil, Text: f.Text != "", Order: "desc"}
	values := args{"type": f.Type, "key": f.DedupeKey, "processed": f.Processed, "text": fold(f.Text), "detail_limit": listedDetail, "at": m.at.UnixMicro()}
	if f.From != nil {
		values["from"] = f.From.UnixMicro()
	}
	if f.Before != nil {
		values["before"] = f.Before.UnixMicro()
	}
	switch {
	case cursor.Newer:
		q.Order, r.low = "asc", max(r.low, cursor.ID+1)
	case !cursor.IsTop():
		r.high = min(r.high, cursor.ID-1)
	}
	until := time.Now().Add(patience)
	for !r.empty() && len(found.Rows) <= size {
		part := r
		if cursor.Newer {
			part.high = min(r.high, r.low+stretch-1)
		} else {
			part.low = max(r.low, r.high-stretch+1)
		}
		values["low"], values["high"], values["page"] = part.low, part.high, size+1-len(found.Rows)
		rows, err := collect(ctx, m.Archive, "events", q, values, m.scanEvent)
		if err != nil {
			return found, err
		}
		if cursor.Newer {
			found.Rows, r.low = append(rows, found.Rows...), part.high+1
		} else {
			found.Rows, r.high = append(found.Rows, rows...), part.low-1
		}
		if !r.empty() && len(found.Rows) <= size && time.Now().After(until) {
			found.Reached = &console.Cursor{ID: r.high + 1, Newer: cursor.Newer}
			if cursor.Newer {
				found.Reached.ID = r.low - 1
			}
			return found, nil
		}
	}
	if found.More = len(found.Rows) > size; found.More && cursor.Newer {
		found.Rows = found.Rows[len(found.Rows)-size:]
	} else if found.More {
		found.Rows = found.Rows[:size]
	}
	return found, nil
}

// Event gives one event.
func (m moment) Event(ctx context.Context, id int64) (console.Event, error) {
	found, err := collect(ctx, m.Archive, "event", nil, args{"id": id, "detail_limit": shownDetail}, m.scanEvent)
	if err != nil {
		return console.Event{}, err
	}
	if len(found) == 0 || found[0].CreatedAt.After(m.at) {
		return console.Event{}, scheduler.Errorf(scheduler.NotFound, "events.not_found", "There is no event %d.", id).
			With("event", strconv.FormatInt(id, 10))
	}
	return found[0], nil
}

// An event's runs are made in the transaction that takes it in. Clocks of the two may differ a little.
const (
	madeBefore  = 5 * time.Second
	madeAfter   = 30 * time.Second
	mostOfEvent = 100
)

// EventRuns gives the runs that events made.
func (m moment) EventRuns(ctx context.Context, events []console.Event) ([]console.EventRun, error) {
	var runs []console.EventRun
	for _, e := range events {
		seen := map[scheduler.RunID]bool{}
		moments := []time.Time{e.CreatedAt}
		if e.ProcessedAt != nil && e.ProcessedAt.Sub(e.CreatedAt) > madeAfter-madeBefore {
			moments = append(moments, *e.ProcessedAt)
		}
		for _, at := range moments {
			from, before := at.Add(-madeBefore), at.Add(madeAfter)
			r, err := m.reach(ctx, console.RunFilter{CreatedFrom: &from, CreatedBefore: &before}, console.Cursor{})
			if err != nil {
				return nil, err
			}
			values := args{"low": r.low, "high": r.high, "key": eventKey(e), "page": mostOfEvent}
			err = m.each(ctx, "event_runs", nil, values, func(rows *sql.Rows) error {
				made, err := m.scanEventRun(rows)
				made.EventID = e.ID
				if !seen[made.RunID] {
					seen[made.RunID] = true
					runs = append(runs, made)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return runs, nil
}

func (m moment) scanEventRun(rows *sql.Rows) (console.EventRun, error) {
	var r scheduler.Run
	var state int64
	var assigned, started, finished instant
	var updated required
	err := rows.Scan(&r.ID, &r.JobID, &r.JobName, &state, &assigned, &started, &finished, &updated)
	r.State, r.AssignedAt, r.StartedAt, r.FinishedAt, r.UpdatedAt = scheduler.RunState(m.words.texts[state]), assigned.Time, started.Time, finished.Time, updated.Time
	return console.EventRun{RunID: r.ID, JobID: r.JobID, JobName: r.JobName, State: m.then(r).State}, err
}

// eventKey begins the idempotency key of every run that an event makes; the job's id follows.
func eventKey(e console.Event) string {
	if e.DedupeKey != nil && *e.DedupeKey != "" {
		return fmt.Sprintf("event:%s:%s:job:", e.Type, *e.DedupeKey)
	}
	return fmt.Sprintf("event:%d:job:", e.ID)
}
