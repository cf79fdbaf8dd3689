package console

import (
	"context"
	"sort"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RunActivity is what became of the runs of a window of time.
type RunActivity struct {
	Buckets    []StateCount
	Open       map[scheduler.RunState]int // open runs now, of any age
	Failures   []scheduler.Run            // FAILED and TIMED_OUT, newest first
	FailedRuns int
	Late       []scheduler.Run // started, or still waiting, later than they were due by more than the limit
	LateRuns   int
	Duration   Percentiles // of runs that ended by themselves
	StartDelay Percentiles // from due to started; early counts as 0
}

// StateCount is how many runs of a bucket of time are in a state now.
type StateCount struct {
	Start time.Time
	State scheduler.RunState
	Runs  int
}

// Percentiles of N values; meaningless when N is 0.
type Percentiles struct {
	N             int
	P50, P95, P99 time.Duration
}

// WorkerSummary counts workers by what they do. A worker counts once: silent, detached, draining, running, idle, the
// first that is true.
type WorkerSummary struct {
	Total, Running, Idle, Draining, Detached, Silent int
}

// DueRun is a run that a schedule will make.
type DueRun struct {
	JobID   scheduler.JobID
	JobName string
	At      time.Time
}

// Cluster is who leads and what the workers do, now. It costs two round trips to Redis and, at most every half
// minute, one cheap query.
type Cluster struct {
	Leadership scheduler.Leadership
	LeaderNode string
	Workers    WorkerSummary
	AsOf       time.Time
}

// Activity is the last 24 hours of runs and what is due next.
type Activity struct {
	RunActivity
	From, To time.Time
	Bucket   time.Duration
	NextDue  []DueRun
	AsOf     time.Time
}

// The windows of the dashboard.
const (
	// LateAfter is how long after its time a run may start without being called late.
	LateAfter       = 60 * time.Second
	dashboardWindow = 24 * time.Hour
	dashboardBucket = 30 * time.Minute
	dueRuns         = 8
)

// Cluster gives the top of the dashboard.
func (c *Console) Cluster(ctx context.Context) (Cluster, error) {
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		return Cluster{}, err
	}
	open, err := c.openRuns(ctx, openRunsCounted)
	if err != nil {
		return Cluster{}, err
	}
	cluster := Cluster{Leadership: fleet.Leadership, Workers: summarize(fleet.Workers, open), AsOf: fleet.AsOf}
	for _, w := range fleet.Workers {
		if w.ID == fleet.Leadership.LeaderID {
			cluster.LeaderNode = w.NodeID
		}
	}
	return cluster, nil
}

// Activity gives the rest of the dashboard, from one look at the runs of the last 24 hours.
func (c *Console) Activity(ctx context.Context) (Activity, error) {
	now := c.now()
	to := now.Truncate(dashboardBucket).Add(dashboardBucket)
	a := Activity{From: to.Add(-dashboardWindow), To: to, Bucket: dashboardBucket, AsOf: now}
	var err error
	if a.RunActivity, err = c.ports.Stats.RunActivity(ctx, a.From, a.To, a.Bucket, LateAfter); err != nil {
		return Activity{}, err
	}
	jobs, err := c.ports.Jobs.EnabledJobs(ctx)
	if err != nil {
		return Activity{}, err
	}
	a.NextDue = nextDue(jobs, now)
	return a, nil
}

func summarize(workers []scheduler.Worker, open map[string]OpenRuns) WorkerSummary {
	s := WorkerSummary{Total: len(workers)}
	for _, w := range workers {
		switch {
		case w.Silent():
			s.Silent++
		case w.Detached || w.DetachFlag:
			s.Detached++
		case w.Draining:
			s.Draining++
		case w.CurrentRun != "" || open[w.ID].Running > 0:
			s.Running++
		default:
			s.Idle++
		}
	}
	return s
}

// nextDue lists the runs that are due soonest. Jobs whose schedule can't be read never fire; the list of jobs says so.
func nextDue(jobs []scheduler.Job, now time.Time) []DueRun {
	var due []DueRun
	for _, j := range jobs {
		if j.Type != scheduler.TimeJob || !j.Enabled {
			continue
		}
		schedule, err := scheduler.ParseSchedule(j.Type, j.Schedule)
		if err != nil {
			continue
		}
		for _, at := range schedule.Next(now, dueRuns) {
			due = append(due, DueRun{JobID: j.ID, JobName: j.Name, At: at})
		}
	}
	sort.SliceStable(due, func(i, k int) bool { return due[i].At.Before(due[k].At) })
	if len(due) > dueRuns {
		due = due[:dueRuns]
	}
	return due
}
