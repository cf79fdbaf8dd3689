package history

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type event struct {
	kind    string
	payload string
	dedupe  *string
	at      time.Time
}

// planEvents lets events arrive, more of them while Japan is awake, each with its runs. An event's id is its place.
func (p *past) planEvents(share float64) {
	for at := p.from; ; {
		pause := p.random.ExpFloat64() * float64(6*time.Minute) / share / (0.3 + daytime(at))
		at = at.Add(time.Duration(pause)).Truncate(time.Microsecond)
		if !at.Before(p.to) {
			return
		}
		spec := pick(p, catalog.Events)
		number := 10_000 + len(p.events)
		e := event{kind: spec.Type, at: at, payload: fmt.Sprintf(pick(p, spec.Payloads), number)}
		if spec.Deduped {
			key := fmt.Sprintf("A-%d", number)
			e.dedupe = &key
		}
		p.events = append(p.events, e)
		for i := range p.jobs {
			if j := &p.jobs[i]; j.waitsFor(e.kind) {
				p.runs = append(p.runs, due{job: j, created: at, at: at, key: eventKey(int64(len(p.events)), e.kind, e.dedupe, j.id)})
			}
		}
	}
}

func (j *job) waitsFor(kind string) bool {
	if j.Type != scheduler.EventJob || j.Disabled {
		return false
	}
	s, err := j.schedule()
	return err == nil && slices.Contains(s.EventTypes(), kind)
}

// eventKey is the idempotency key of the run that an event makes for a job.
func eventKey(eventID int64, kind string, dedupe *string, id scheduler.JobID) string {
	if dedupe != nil {
		return fmt.Sprintf("event:%s:%s:job:%d", kind, *dedupe, id)
	}
	return fmt.Sprintf("event:%d:job:%d", eventID, id)
}

func (p *past) writeEvents(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"scheduler_events"},
		[]string{"event_type", "payload_json", "dedupe_key", "created_at", "processed_at"},
		pgx.CopyFromSlice(len(p.events), func(i int) ([]any, error) {
			e := p.events[i]
			return []any{e.kind, json.RawMessage(e.payload), e.dedupe, e.at, e.at.Add(31 * time.Millisecond)}, nil
		}))
	return err
}

// daytime is 0 in the depth of Japan's night and 1 in its afternoon.
func daytime(t time.Time) float64 {
	hour := float64(t.UTC().Hour()) + float64(t.UTC().Minute())/60 // 14:00 in Japan is 05:00
	return (1 + math.Cos((hour-5)/24*2*math.Pi)) / 2
}
