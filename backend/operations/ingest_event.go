package operations

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ingestEvent tells the scheduler that something happened: each enabled job that waits for such an event runs once.
type ingestEvent struct {
	kind    string
	payload json.RawMessage
	dedupe  string // "" = none: the event counts even if another like it did
}

// The widths of the events' columns, in characters.
const (
	maxEventType = 128
	maxDedupeKey = 256
)

// PlanIngestEvent previews an event. payload is JSON text: an object or an array.
func (c *Commands) PlanIngestEvent(ctx context.Context, kind, payload, dedupe string) (Plan, error) {
	return c.plan(ctx, ingestEvent{strings.TrimSpace(kind), json.RawMessage(payload), strings.TrimSpace(dedupe)})
}

func (o ingestEvent) look(ctx context.Context, c *Commands) (sight, error) {
	seen := sight{Preview: Preview{Action: "event.ingest", Target: o.kind, Tier: Plain}, basis: basis{}}
	switch {
	case o.kind == "" || badText(o.kind, maxEventType):
		return sight{}, scheduler.Errorf(scheduler.Invalid, "event.bad_type", "An event's type has 1 to %d characters.", maxEventType)
	case badText(o.dedupe, maxDedupeKey):
		return sight{}, scheduler.Errorf(scheduler.Invalid, "event.bad_key", "A key against repetition has at most %d characters.", maxDedupeKey)
	}
	if err := checkDocument(o.payload); err != nil {
		return sight{}, err
	}
	jobs, err := c.Ports.Records.EventJobs(ctx, o.kind)
	if err != nil {
		return sight{}, err
	}
	names := make([]string, len(jobs))
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		names[i], ids[i] = j.Name, jobText(j.ID)
	}
	seen.Touches = []Touch{touch("event_jobs", names...)}
	seen.basis["jobs"] = list(ids)
	if len(jobs) == 0 {
		seen.Notes = append(seen.Notes, warning("event_nobody_waits"))
	}
	if o.dedupe == "" {
		seen.Notes = append(seen.Notes, info("event_no_key"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		var dedupe *string
		if o.dedupe != "" {
			dedupe = &o.dedupe
		}
		return p.direct(ctx, "event_ingest", map[string]any{"event_type": o.kind, "payload": o.payload, "dedupe_key": dedupe})
	}
	return seen, nil
}
