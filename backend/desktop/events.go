package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Events serves what happened outside of the cluster.
type Events struct{ session *Session }

// NewEvents binds the events of the open environment.
func NewEvents(s *Session) *Events { return &Events{s} }

// EventFilter narrows the list; "" matches every event.
type EventFilter struct {
	Type      string `json:"type"`
	DedupeKey string `json:"dedupeKey"`
	Processed string `json:"processed"` // "yes", "no" or ""
	From      string `json:"from"`
	Before    string `json:"before"`
	Text      string `json:"text"`
}

// ListEventsRequest asks for a page: at Cursor, or the newest.
type ListEventsRequest struct {
	Filter EventFilter `json:"filter"`
	Cursor string      `json:"cursor"`
	Size   int         `json:"size"`
}

// EventPage is one page, newest first, with the cursors of its neighbours ("" = none).
type EventPage struct {
	Events  []Event `json:"events"`
	Older   string  `json:"older"`
	Newer   string  `json:"newer"`
	Reached string  `json:"reached"` // the event at which a search was stopped; it goes on at the next page
	AsOf    string  `json:"asOf"`
}

// Event is an event on the wire.
type Event struct {
	ID          string     `json:"id"`
	Type        string     `json:"type"`
	Payload     string     `json:"payload"` // masked JSON; "" where it is too long for a list
	Size        float64    `json:"size"`    // of the payload, in bytes
	DedupeKey   string     `json:"dedupeKey"`
	CreatedAt   string     `json:"createdAt"`
	ProcessedAt string     `json:"processedAt"`
	Runs        []EventRun `json:"runs"`
}

// EventRun is a run that an event made.
type EventRun struct {
	ID      string `json:"id"`
	JobID   string `json:"jobId"`
	JobName string `json:"jobName"`
	State   string `json:"state"`
}

// List gives a page of events.
func (e *Events) List(req ListEventsRequest) (EventPage, error) {
	return call(e.session, "Events.List", func(ctx context.Context, c *console.Console) (EventPage, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return EventPage{}, err
		}
		cursor, err := console.ParseCursor(req.Cursor)
		if err != nil {
			return EventPage{}, err
		}
		page, err := c.ListEvents(ctx, filter, cursor, req.Size)
		if err != nil {
			return EventPage{}, err
		}
		wire := EventPage{Events: make([]Event, len(page.Events)), AsOf: wireTime(page.AsOf)}
		for i, event := range page.Events {
			wire.Events[i] = wireEvent(event)
		}
		place := func(i int, newer bool) string {
			event := page.Events[i]
			return console.Cursor{CreatedAt: event.CreatedAt, ID: event.ID, Newer: newer}.String()
		}
		wire.Older, wire.Newer = neighbours(len(page.Events), page.HasOlder, page.HasNewer, place)
		goOn(page.Reached, &wire.Older, &wire.Newer)
		if page.Reached != nil {
			wire.Reached = wireID(page.Reached.ID)
		}
		return wire, nil
	})
}

// Get gives one event with its whole payload.
func (e *Events) Get(req IDRequest) (Event, error) {
	return call(e.session, "Events.Get", func(ctx context.Context, c *console.Console) (Event, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return Event{}, err
		}
		event, err := c.Event(ctx, id)
		return wireEvent(event), err
	})
}

func (f EventFilter) parse() (console.EventFilter, error) {
	filter := console.EventFilter{Type: f.Type, DedupeKey: f.DedupeKey, Text: f.Text}
	if f.Processed != "" {
		if f.Processed != "yes" && f.Processed != "no" {
			return filter, scheduler.Errorf(scheduler.Invalid, "events.bad_processed", "Events are processed or not, but never %q.", f.Processed)
		}
		processed := f.Processed == "yes"
		filter.Processed = &processed
	}
	var err error
	if filter.From, err = parseTime(f.From); err != nil {
		return filter, err
	}
	filter.Before, err = parseTime(f.Before)
	return filter, err
}

func wireEvent(e console.Event) Event {
	wire := Event{
		ID: wireID(e.ID), Type: e.Type, Payload: string(e.Payload), Size: float64(e.Size), CreatedAt: wireTime(e.CreatedAt),
		ProcessedAt: wireOptionalTime(e.ProcessedAt), Runs: make([]EventRun, len(e.Runs)),
	}
	if e.DedupeKey != nil {
		wire.DedupeKey = *e.DedupeKey
	}
	for i, r := range e.Runs {
		wire.Runs[i] = EventRun{ID: wireID(r.RunID), JobID: wireID(r.JobID), JobName: r.JobName, State: string(r.State)}
	}
	return wire
}
