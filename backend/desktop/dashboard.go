package desktop

import (
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Dashboard serves the cluster at a glance.
type Dashboard struct{ session *Session }

// NewDashboard binds the dashboard of the open environment.
func NewDashboard(s *Session) *Dashboard { return &Dashboard{s} }

// Cluster is who leads and what the workers do.
type Cluster struct {
	Leadership Leadership    `json:"leadership"`
	LeaderNode string        `json:"leaderNode"`
	Workers    WorkerSummary `json:"workers"`
	AsOf       string        `json:"asOf"`
}

// WorkerSummary counts each worker once, by the first of silent, detached, draining, running, idle that is true.
type WorkerSummary struct {
	Total    int `json:"total"`
	Running  int `json:"running"`
	Idle     int `json:"idle"`
	Draining int `json:"draining"`
	Detached int `json:"detached"`
	Silent   int `json:"silent"`
}

// Activity is the last 24 hours of runs.
type Activity struct {
	From        string      `json:"from"`
	To          string      `json:"to"`
	BucketMs    float64     `json:"bucketMs"`
	Series      []Series    `json:"series"`
	Open        []StateRuns `json:"open"`
	Failures    []Run       `json:"failures"`
	FailedRuns  int         `json:"failedRuns"`
	Late        []Run       `json:"late"`
	LateRuns    int         `json:"lateRuns"`
	LateAfterMs float64     `json:"lateAfterMs"`
	Duration    Percentiles `json:"duration"`
	StartDelay  Percentiles `json:"startDelay"`
	NextDue     []DueRun    `json:"nextDue"`
	AsOf        string      `json:"asOf"`
}

// Series is the number of runs in one state, a value for each bucket from From on.
type Series struct {
	State string `json:"state"`
	Runs  []int  `json:"runs"`
}

// StateRuns is how many runs are in an open state now.
type StateRuns struct {
	State string `json:"state"`
	Runs  int    `json:"runs"`
}

// Percentiles in milliseconds, of N values.
type Percentiles struct {
	N     int     `json:"n"`
	P50Ms float64 `json:"p50Ms"`
	P95Ms float64 `json:"p95Ms"`
	P99Ms float64 `json:"p99Ms"`
}

// DueRun is a run that a schedule will make.
type DueRun struct {
	JobID   string `json:"jobId"`
	JobName string `json:"jobName"`
	At      string `json:"at"`
}

// Cluster gives who leads and what the workers do, now.
func (d *Dashboard) Cluster() (Cluster, error) {
	return call(d.session, "Dashboard.Cluster", func(ctx context.Context, c *console.Console) (Cluster, error) {
		cluster, err := c.Cluster(ctx)
		if err != nil {
			return Cluster{}, err
		}
		return Cluster{
			Leadership: wireLeadership(cluster.Leadership), LeaderNode: cluster.LeaderNode,
			Workers: WorkerSummary(cluster.Workers), AsOf: wireTime(cluster.AsOf),
		}, nil
	})
}

// Activity gives the last 24 hours of runs and what is due next.
func (d *Dashboard) Activity() (Activity, error) {
	return call(d.session, "Dashboard.Activity", func(ctx context.Context, c *console.Console) (Activity, error) {
		a, err := c.Activity(ctx)
		if err != nil {
			return Activity{}, err
		}
		return wireActivity(a), nil
	})
}

func wireActivity(a console.Activity) Activity {
	wire := Activity{
		From: wireTime(a.From), To: wireTime(a.To), BucketMs: wireMillis(a.Bucket), Series: wireSeries(a.Buckets, a.From, a.To, a.Bucket), Open: []StateRuns{},
		Failures: wireRuns(a.Failures), FailedRuns: a.FailedRuns, Late: wireRuns(a.Late), LateRuns: a.LateRuns,
		LateAfterMs: wireMillis(console.LateAfter), Duration: wirePercentiles(a.Duration),
		StartDelay: wirePercentiles(a.StartDelay), NextDue: make([]DueRun, len(a.NextDue)), AsOf: wireTime(a.AsOf),
	}
	for _, state := range scheduler.RunStates {
		if !state.Final() {
			wire.Open = append(wire.Open, StateRuns{State: string(state), Runs: a.Open[state]})
		}
	}
	for i, due := range a.NextDue {
		wire.NextDue[i] = DueRun{JobID: wireID(due.JobID), JobName: due.JobName, At: wireTime(due.At)}
	}
	return wire
}

// wireSeries lays the sparse counts out as one dense series a state, in the order of the states; a state that only a
// hand could have written comes last.
func wireSeries(counts []console.StateCount, from, to time.Time, bucket time.Duration) []Series {
	buckets := int(to.Sub(from) / bucket)
	byState := map[scheduler.RunState][]int{}
	for _, count := range counts {
		i := int(count.Start.Sub(from) / bucket)
		if i < 0 || i >= buckets {
			continue
		}
		if byState[count.State] == nil {
			byState[count.State] = make([]int, buckets)
		}
		byState[count.State][i] += count.Runs
	}
	series := []Series{}
	for state, runs := range byState {
		series = append(series, Series{State: string(state), Runs: runs})
	}
	slices.SortFunc(series, func(x, y Series) int { return stateRank(x.State) - stateRank(y.State) })
	return series
}

func stateRank(state string) int {
	if i := slices.Index(scheduler.RunStates, scheduler.RunState(state)); i >= 0 {
		return i
	}
	return len(scheduler.RunStates)
}

func wirePercentiles(p console.Percentiles) Percentiles {
	return Percentiles{N: p.N, P50Ms: wireMillis(p.P50), P95Ms: wireMillis(p.P95), P99Ms: wireMillis(p.P99)}
}
