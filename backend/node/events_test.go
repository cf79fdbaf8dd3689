//go:build linux

package node_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func lines(file string) int {
	text, _ := os.ReadFile(file)
	return strings.Count(string(text), "\n")
}

// event puts an event in as any program may.
func (c *testCluster) event(kind, dedupe string) int64 {
	c.t.Helper()
	return value[int64](c, `insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
		values ($1, '{}', nullif($2, ''), clock_timestamp(), null) returning id`, kind, dedupe)
}

func (c *testCluster) processed() {
	c.t.Helper()
	c.eventually("all events are processed", func() bool {
		return value[int](c, `select count(*) from scheduler_events where processed_at is null`) == 0
	})
}

func TestEventsMakeRuns(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	one := c.job(job{command: "true", events: `{"event_type": "order"}`})
	two := c.job(job{command: "true", events: `{"event_types": ["order", "file"]}`})
	disabled := c.job(job{command: "true", events: `{"event_type": "order"}`})
	c.exec(`update scheduler_job_definitions set enabled = false where id = $1`, disabled)
	bad := c.job(job{command: "true", events: `{"event_type": 5}`})
	for _, id := range []string{"a", "b", "c"} {
		c.start(id)
	}
	plain := c.event("order", "")
	file := c.event("file", "")
	for range 3 { // the same order, told three times at once
		c.event("order", "A-1")
	}
	c.event("nobody waits for this", "x")
	c.processed()
	c.event("order", "A-1") // and once more, later
	c.event("file", "A-1")  // the same key of another type is another event
	c.processed()
	for _, key := range []string{
		fmt.Sprintf("event:%d:job:%d", plain, one), fmt.Sprintf("event:%d:job:%d", plain, two),
		fmt.Sprintf("event:%d:job:%d", file, two),
		fmt.Sprintf("event:order:A-1:job:%d", one), fmt.Sprintf("event:order:A-1:job:%d", two),
		fmt.Sprintf("event:file:A-1:job:%d", two),
	} {
		c.until(c.keyed(key), scheduler.Succeeded)
	}
	for job, want := range map[scheduler.JobID]int{one: 2, two: 4, disabled: 0, bad: 0} {
		if n := c.runs(job); n != want {
			t.Errorf("job %d has %d runs, want %d", job, n, want)
		}
	}
}

func TestEventsOfTheApplicationAreLeftToIt(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: "true", events: `{"event_type": "order"}`})
	// As the application in the field takes events in: the event, then its run. Once it says that it is done, once not.
	byApplication := func(dedupe string, processed bool) {
		t.Helper()
		at := "null"
		if processed {
			at = "clock_timestamp()"
		}
		c.exec(`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
			values ('order', '{}', $1, clock_timestamp(), `+at+`)`, dedupe)
		id := c.run(jobs, 0)
		c.exec(`update scheduler_job_runs set idempotency_key = $2 where id = $1`, id, fmt.Sprintf("event:order:%s:job:%d", dedupe, jobs))
	}
	byApplication("told", true)
	byApplication("untold", false)
	c.start("w")
	c.processed()
	c.event("order", "told")
	c.event("order", "untold")
	c.processed()
	c.ticks()
	if n := c.runs(jobs); n != 2 {
		t.Errorf("%d runs of two orders", n)
	}
}

func TestEventsFromBeforeTheNodesTimeAreNotTheirs(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: "true", events: `{"event_type": "order"}`})
	c.exec(`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
		values ('order', '{}', null, now() - interval '1 day', null)`)
	c.start("w")
	c.until(c.keyed(fmt.Sprintf("event:%d:job:%d", c.event("order", ""), jobs)), scheduler.Succeeded)
	if n := c.runs(jobs); n != 1 {
		t.Errorf("%d runs, one for an old event", n)
	}
}

func TestRunsOfTheTimeWithoutALeaderAreMadeLater(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	every := c.job(job{command: "true", schedule: `{"kind":"every_n_minutes","n":1}`})
	changed := c.job(job{command: "true", schedule: `{"kind":"every_n_minutes","n":1}`})
	c.exec(`update scheduler_job_definitions set updated_at = now() - interval '1 hour' where id = $1`, every)
	c.exec(`update opsdeck_node.planned set until = date_trunc('minute', now()) - interval '3 minutes'`)
	c.start("w")
	c.leader()
	c.eventually("the minutes in between", func() bool {
		return value[int](c, `select count(*) from scheduler_job_runs where job_definition_id = $1 and scheduled_for < date_trunc('minute', now())
			and state = 'SUCCEEDED'`, every) >= 2
	})
	early := value[int](c, `select count(*) from scheduler_job_runs where job_definition_id = $1
		and scheduled_for < (select updated_at from scheduler_job_definitions where id = $1) - interval '1 minute'`, changed)
	if early != 0 {
		t.Errorf("%d runs from before the job was changed", early)
	}
}
