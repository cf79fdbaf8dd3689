package console

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Event is something that happened outside and that jobs may wait for.
type Event struct {
	ID          int64
	Type        string
	Payload     json.RawMessage // masked; nil where Size is above what a list carries
	Size        int64           // of the payload, in bytes
	DedupeKey   *string
	CreatedAt   time.Time
	ProcessedAt *time.Time // nil = no scheduler has taken it in
	Runs        []EventRun
}

// EventRun is a run that an event made.
type EventRun struct {
	EventID int64
	RunID   scheduler.RunID
	JobID   scheduler.JobID
	JobName string
	State   scheduler.RunState
}

// EventFilter narrows the list of events. Zero fields match every event; all given ones must match.
type EventFilter struct {
	Type      string
	DedupeKey string
	Processed *bool
	From      *time.Time // inclusive
	Before    *time.Time // exclusive
	Text      string     // case-insensitive part of type, key or payload
}

// EventPage is one page of the list of events, newest first.
type EventPage struct {
	Events   []Event
	HasOlder bool
	HasNewer bool
	Reached  *Cursor // see AuditPage.Reached
	AsOf     time.Time
}

// ListEvents gives the page of up to size events at cursor, each with the runs that it made. Events are listed by id, which
// is the order in which they came.
func (c *Console) ListEvents(ctx context.Context, filter EventFilter, cursor Cursor, size int) (EventPage, error) {
	if err := checkPageSize(size); err != nil {
		return EventPage{}, err
	}
	if err := filter.check(); err != nil {
		return EventPage{}, err
	}
	found, err := c.ports.Events.ListEvents(ctx, filter, cursor, size)
	if err != nil {
		return EventPage{}, err
	}
	page := EventPage{Events: found.Rows, Reached: found.Reached, AsOf: c.now()}
	page.HasOlder, page.HasNewer = neighbours(cursor, found.More)
	return page, c.finishEvents(ctx, page.Events)
}

// Event gives one event with its whole payload and its runs.
func (c *Console) Event(ctx context.Context, id int64) (Event, error) {
	event, err := c.ports.Events.Event(ctx, id)
	if err != nil {
		return Event{}, err
	}
	one := []Event{event}
	err = c.finishEvents(ctx, one)
	return one[0], err
}

// finishEvents masks payloads and adds the runs.
func (c *Console) finishEvents(ctx context.Context, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	runs, err := c.ports.Events.EventRuns(ctx, events)
	if err != nil {
		return err
	}
	made := map[int64][]EventRun{}
	for _, r := range runs {
		made[r.EventID] = append(made[r.EventID], r)
	}
	for i := range events {
		events[i].Runs = made[events[i].ID]
		if events[i].Payload != nil {
			events[i].Payload = MaskJSON(events[i].Payload)
		}
	}
	return nil
}

func (f EventFilter) check() error {
	if err := checkRange(f.From, f.Before); err != nil {
		return err
	}
	return checkSearch(f.Text)
}
