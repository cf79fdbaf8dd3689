package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func (c cluster) addEvent(kind string, key any, created time.Time, processed any, payload string) int64 {
	c.Helper()
	var id int64
	err := c.pool.QueryRow(c.Context(), `insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
	  values ($1, $2, $3, $4, $5) returning id`, kind, payload, key, created, processed).Scan(&id)
	if err != nil {
		c.Fatal(err)
	}
	return id
}

func eventIDs(events []console.Event) []int64 {
	ids := []int64{}
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestListEventsFilters(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	one := c.addEvent("order.placed", "A-1", *at(0), at(1), `{"order": "A_1"}`)
	two := c.addEvent("order.placed", nil, *at(60), nil, `[1]`)
	three := c.addEvent("file.arrived", "f", *at(120), at(121), `{"path": "/in/<b>.csv"}`)
	yes, no := true, false
	for name, test := range map[string]struct {
		filter console.EventFilter
		want   []int64
	}{
		"none":        {console.EventFilter{}, []int64{three, two, one}},
		"type":        {console.EventFilter{Type: "order.placed"}, []int64{two, one}},
		"key":         {console.EventFilter{DedupeKey: "A-1"}, []int64{one}},
		"processed":   {console.EventFilter{Processed: &yes}, []int64{three, one}},
		"unprocessed": {console.EventFilter{Processed: &no}, []int64{two}},
		"range":       {console.EventFilter{From: at(60), Before: at(120)}, []int64{two}},
		"text":        {console.EventFilter{Text: "<B>"}, []int64{three}},
		"no pattern":  {console.EventFilter{Text: "a_1"}, []int64{one}},
		"nothing":     {console.EventFilter{Type: "order"}, []int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.store.ListEvents(t.Context(), test.filter, console.Cursor{}, 10)
			if diff := cmp.Diff(test.want, eventIDs(got.Rows)); err != nil || diff != "" || got.More {
				t.Errorf("%v, more %t\n%s", err, got.More, diff)
			}
		})
	}
	page, err := c.store.ListEvents(t.Context(), console.EventFilter{}, console.Cursor{ID: one, Newer: true}, 1)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != two || !page.More {
		t.Errorf("the page before the oldest: %+v, %v", page, err)
	}
	if _, err := c.store.Event(t.Context(), three+1); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("an event that isn't there: %v", err)
	}
}

// The range of a year is found without looking at the years around it, and nothing in it is missed although some came out
// of order and ids are missing.
func TestATimeRangeIsFoundAmongManyEvents(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.exec(`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
	  select 't', '{}', null, $1::timestamptz + n * interval '1 minute' + (n % 7) * interval '5 minutes', null
	  from generate_series(0, 20000) n`, base)
	c.exec(`delete from scheduler_events where id % 10 = 3`)
	from, before := at(60*9000), at(60*9100)
	var want int
	if err := c.pool.QueryRow(t.Context(), `select count(*) from scheduler_events where created_at >= $1 and created_at < $2`,
		from, before).Scan(&want); err != nil {
		t.Fatal(err)
	}
	c.store.effort.patience = 0 // the narrowed range is one stretch
	got, err := c.store.ListEvents(t.Context(), console.EventFilter{From: from, Before: before}, console.Cursor{}, 200)
	if err != nil || len(got.Rows) != want || want < 80 || got.Reached != nil {
		t.Errorf("%d of %d events, stopped at %v: %v", len(got.Rows), want, got.Reached, err)
	}
	for _, e := range got.Rows {
		if e.CreatedAt.Before(*from) || !e.CreatedAt.Before(*before) {
			t.Errorf("event %d of %s is outside of the range", e.ID, e.CreatedAt)
		}
	}
}

func TestEventRunsAreThoseWhoseKeyNamesTheEvent(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job, other := c.addJob("follow up"), c.addJob("other")
	keyed := c.addEvent("order.placed", "A-1", *at(0), at(0), `{}`)
	plain := c.addEvent("order.placed", nil, *at(10), at(600), `{}`)
	alone := c.addEvent("order.placed", "A-2", *at(20), nil, `{}`)
	run := func(job scheduler.JobID, key string, created int) scheduler.Run {
		return scheduler.Run{JobID: job, IdempotencyKey: key, CreatedAt: *at(created), State: scheduler.Running}
	}
	plainKey := func(job scheduler.JobID) string { return fmt.Sprintf("event:%d:job:%d", plain, job) }
	ids := c.addRuns(
		run(job, fmt.Sprintf("event:order.placed:A-1:job:%d", job), 0),
		run(other, fmt.Sprintf("event:order.placed:A-1:job:%d", other), 1),
		run(other, fmt.Sprintf("event:order.placed:A-1:job:%d", job), 1),  // another job's key
		run(job, fmt.Sprintf("event:order.placed:A-1:job:%d", job), 9000), // of another time
		run(job, plainKey(job), 601),                                      // when it was taken in
		run(other, plainKey(other)+"0", 11),
		run(job, "", 0),
	)
	events := []console.Event{}
	for _, id := range []int64{keyed, plain, alone} {
		event, err := c.store.Event(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	got, err := c.store.EventRuns(t.Context(), events)
	want := []console.EventRun{
		{EventID: keyed, RunID: ids[0], JobID: job, JobName: "follow up", State: scheduler.Running},
		{EventID: keyed, RunID: ids[1], JobID: other, JobName: "other", State: scheduler.Running},
		{EventID: plain, RunID: ids[4], JobID: job, JobName: "follow up", State: scheduler.Running},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
