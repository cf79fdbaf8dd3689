package postgres

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// longHistory fills a cluster with runs that share creation times, and gives them newest first as the list must.
func longHistory(c cluster, random *rand.Rand, n int) []scheduler.Run {
	c.Helper()
	jobs := []scheduler.JobID{c.addJob("a"), c.addJob("b"), c.addJob("c")}
	errors := []string{"", "", "exit_code=1", "100% of disk_full", `back\slash`, "Connection REFUSED"}
	runs := make([]scheduler.Run, n)
	for i := range runs {
		created := base.Add(time.Duration(random.IntN(n/4+1)) * time.Microsecond)
		epoch := int64(random.IntN(3))
		runs[i] = scheduler.Run{
			JobID: jobs[random.IntN(len(jobs))], State: scheduler.RunStates[random.IntN(len(scheduler.RunStates))],
			AssignedWorker: fmt.Sprint("w", random.IntN(5)), Attempt: random.IntN(3), LeaderEpoch: &epoch,
			ErrorSummary: errors[random.IntN(len(errors))], CreatedAt: created,
		}
		if random.IntN(3) > 0 {
			runs[i].StartedAt = at(0)
			runs[i].FinishedAt = at(random.IntN(20))
		}
	}
	for i, id := range c.addRuns(runs...) {
		runs[i].ID = id
	}
	slices.SortFunc(runs, func(a, b scheduler.Run) int {
		if order := b.CreatedAt.Compare(a.CreatedAt); order != 0 {
			return order
		}
		return int(b.ID - a.ID)
	})
	c.exec("analyze scheduler_job_runs")
	return runs
}

// randomFilter uses every field now and then, alone and combined.
func randomFilter(random *rand.Rand) console.RunFilter {
	var f console.RunFilter
	use := func() bool { return random.IntN(5) == 0 }
	f.States = []scheduler.RunState{} // as good as nil
	for use() {
		f.States = append(f.States, scheduler.RunStates[random.IntN(len(scheduler.RunStates))])
	}
	if use() {
		f.JobID = scheduler.JobID(1 + random.IntN(4))
	}
	if use() {
		f.WorkerID = fmt.Sprint("w", random.IntN(6))
	}
	if use() {
		epoch := int64(random.IntN(3))
		f.Epoch = &epoch
	}
	if use() {
		from := base.Add(time.Duration(random.IntN(30)) * time.Microsecond)
		f.CreatedFrom = &from
	}
	if use() {
		before := base.Add(time.Duration(60+random.IntN(200)) * time.Microsecond)
		f.CreatedBefore = &before
	}
	if use() {
		f.MinDuration = time.Duration(random.IntN(10)) * time.Second
	}
	if use() {
		f.MaxDuration = time.Duration(10+random.IntN(10)) * time.Second
	}
	if use() {
		f.MinAttempt = random.IntN(3)
	}
	if use() {
		f.ErrorText = []string{"0% of", "disk_f", "diskxf", `k\s`, "refused", "exit"}[random.IntN(6)]
	}
	return f
}

// matches is the filter's meaning, written again without SQL. Runs that still run are left to
// TestARunningRunLastsUntilNow.
func matches(f console.RunFilter, r scheduler.Run) bool {
	lasted := func(ok func(time.Duration) bool) bool {
		return r.FinishedAt != nil && ok(r.FinishedAt.Sub(*r.StartedAt))
	}
	return (len(f.States) == 0 || slices.Contains(f.States, r.State)) &&
		(f.JobID == 0 || f.JobID == r.JobID) && (f.WorkerID == "" || f.WorkerID == r.AssignedWorker) &&
		(f.Epoch == nil || *f.Epoch == *r.LeaderEpoch) &&
		(f.CreatedFrom == nil || !r.CreatedAt.Before(*f.CreatedFrom)) &&
		(f.CreatedBefore == nil || r.CreatedAt.Before(*f.CreatedBefore)) &&
		(f.MinDuration == 0 || lasted(func(d time.Duration) bool { return d >= f.MinDuration })) &&
		(f.MaxDuration == 0 || lasted(func(d time.Duration) bool { return d <= f.MaxDuration })) &&
		r.Attempt >= f.MinAttempt &&
		(f.ErrorText == "" || strings.Contains(strings.ToLower(r.ErrorSummary), strings.ToLower(f.ErrorText)))
}

// Whatever the filter, walking the list page by page gives exactly the matching runs in order, once each; and walking
// back gives the same pages from the other side. It holds for each of the ways to find a page.
func TestPagesCoverTheListInBothDirections(t *testing.T) {
	t.Parallel()
	const seed = 20261123
	for way, prepare := range map[string]func(*cluster){
		"gathered":           func(*cluster) {},
		"a glance and a bit": func(c *cluster) { c.store.effort = effort{glance: 20, farthest: 200} },
		"walked afar":        func(c *cluster) { c.store.effort = effort{glance: 80, farthest: 2000} },
		"ordered": func(c *cluster) {
			for _, column := range []string{"state", "job_definition_id", "assigned_worker_id"} {
				c.exec("create index on scheduler_job_runs (" + column + ", created_at desc, id desc)")
			}
			c.store = open(c.T, c.url)
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			random := rand.New(rand.NewPCG(seed, 1))
			all := longHistory(c, random, 2000)
			prepare(&c)
			for range 60 {
				filter, size := randomFilter(random), 1+random.IntN(console.MaxPageSize)
				var want []scheduler.RunID
				for _, r := range all {
					if matches(filter, r) {
						want = append(want, r.ID)
					}
				}
				checkWalk(t, c.store, filter, size, want)
			}
		})
	}
}

func checkWalk(t *testing.T, store *Store, filter console.RunFilter, size int, want []scheduler.RunID) {
	t.Helper()
	var down [][]scheduler.Run
	for cursor, more := (console.Cursor{}), true; more; {
		var page []scheduler.Run
		var err error
		if page, more, err = store.ListRuns(t.Context(), filter, cursor, size); err != nil {
			t.Fatalf("%+v: %v", filter, err)
		}
		if len(page) > 0 {
			down = append(down, page)
			cursor = console.Older(page[len(page)-1])
		} else if more {
			t.Fatalf("%+v: an empty page promises more", filter)
		}
	}
	if got := idsOf(slices.Concat(down...)); !slices.Equal(got, want) {
		t.Fatalf("filter %+v, pages of %d: the runs are not those of a plain ORDER BY\n%s", filter, size, cmp.Diff(want, got))
	}
	for i := len(down) - 1; i > 0; i-- {
		page, more, err := store.ListRuns(t.Context(), filter, console.Newer(down[i][0]), size)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(idsOf(down[i-1]), idsOf(page)); diff != "" || more != (i > 1) {
			t.Fatalf("filter %+v: page %d looks different from below (more %t)\n%s", filter, i-1, more, diff)
		}
	}
}

func idsOf(runs []scheduler.Run) []scheduler.RunID {
	var ids []scheduler.RunID
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	return ids
}

// The glance at the newest runs must not hide what lies behind it, whichever way the page is then found.
func TestMatchesBehindTheGlanceAreFound(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.store.effort = effort{glance: 10, farthest: 100}
	job := c.addJob("report")
	rare := scheduler.Run{JobID: job, AssignedWorker: "gone", State: scheduler.TimedOut, ErrorSummary: "needle"}
	rare.StartedAt, rare.FinishedAt = at(0), at(5000)
	epoch := int64(9)
	rare.LeaderEpoch = &epoch
	runs := []scheduler.Run{rare, rare}
	for i := range 1000 {
		runs = append(runs, scheduler.Run{JobID: job, AssignedWorker: "w", State: scheduler.Succeeded, CreatedAt: *at(1 + i)})
	}
	want := c.addRuns(runs...)[:2]
	slices.Reverse(want)
	c.exec("analyze scheduler_job_runs")
	for name, filter := range map[string]console.RunFilter{
		"worker":   {WorkerID: "gone"},
		"state":    {States: []scheduler.RunState{scheduler.TimedOut}},
		"text":     {ErrorText: "NEEDLE"},
		"duration": {MinDuration: time.Hour},
		"epoch":    {Epoch: &epoch},
	} {
		t.Run(name, func(t *testing.T) {
			page, more, err := c.store.ListRuns(t.Context(), filter, console.Cursor{}, 50)
			if diff := cmp.Diff(want, idsOf(page)); err != nil || more || diff != "" {
				t.Errorf("more %t, error %v\n%s", more, err, diff)
			}
		})
	}
}

func TestARunningRunLastsUntilNow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	hourAgo := time.Now().Add(-time.Hour)
	running := scheduler.Run{JobID: c.addJob("report"), State: scheduler.Running, StartedAt: &hourAgo}
	ids := c.addRuns(running)
	for _, test := range []struct {
		filter console.RunFilter
		want   []scheduler.RunID
	}{
		{console.RunFilter{MinDuration: 59 * time.Minute}, ids},
		{console.RunFilter{MinDuration: 2 * time.Hour}, nil},
		{console.RunFilter{MaxDuration: 2 * time.Hour}, ids},
		{console.RunFilter{MaxDuration: 59 * time.Minute}, nil},
	} {
		page, _, err := c.store.ListRuns(t.Context(), test.filter, console.Cursor{}, 10)
		if diff := cmp.Diff(test.want, idsOf(page)); err != nil || diff != "" {
			t.Errorf("%+v: %v\n%s", test.filter, err, diff)
		}
	}
}
