package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Windows serves the screens that show a window of time whole: the timeline, and expected versus actual.
type Windows struct{ session *Session }

// NewWindows binds the windows of time of the open environment.
func NewWindows(s *Session) *Windows { return &Windows{s} }

// WindowRequest names a window of time.
type WindowRequest struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Timeline is what every worker had in hand. Runs cross as columns of equal length, because there may be ten thousand.
type Timeline struct {
	From      string      `json:"from"`
	To        string      `json:"to"`
	Jobs      []NamedID   `json:"jobs"`
	Workers   []string    `json:"workers"`
	States    []string    `json:"states"`
	Runs      RunColumns  `json:"runs"`
	Capped    bool        `json:"capped"` // there are more; these are the latest
	Cap       int         `json:"cap"`
	Predicted []Predicted `json:"predicted"`
	Unfit     int         `json:"unfit"` // predicted runs that were left out
	Terms     []Term      `json:"terms"`
	Recorded  bool        `json:"recorded"` // the cluster's nodes record who led when
	AsOf      string      `json:"asOf"`
}

// NamedID is a job by its id.
type NamedID struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// RunColumns are runs, a value of each column a run. Times are milliseconds since the window's start; an end of -1 is
// still to come. Jobs, workers and states are places in the timeline's lists.
type RunColumns struct {
	ID     []string  `json:"id"`
	Job    []int     `json:"job"`
	Worker []int     `json:"worker"`
	State  []int     `json:"state"`
	Start  []float64 `json:"start"`
	End    []float64 `json:"end"`
	Late   []float64 `json:"late"` // milliseconds from due to started; 0 where that is not known
}

// Predicted is a run that a schedule will make.
type Predicted struct {
	Job        int     `json:"job"` // place in the timeline's jobs
	At         string  `json:"at"`
	ExpectedMs float64 `json:"expectedMs"` // 0 = unknown
}

// Term is the time of one leader.
type Term struct {
	Epoch    string `json:"epoch"`
	WorkerID string `json:"workerId"` // "" = not known
	Since    string `json:"since"`
	Until    string `json:"until"` // "" = it leads
}

// Timeline gives the runs of every worker in a window, which may reach into the time to come.
func (w *Windows) Timeline(req WindowRequest) (Timeline, error) {
	return call(w.session, "Windows.Timeline", func(ctx context.Context, c *console.Console) (Timeline, error) {
		from, to, err := req.parse()
		if err != nil {
			return Timeline{}, err
		}
		t, err := c.Timeline(ctx, from, to)
		if err != nil {
			return Timeline{}, err
		}
		return wireTimeline(t), nil
	})
}

// parse wants both ends.
func (r WindowRequest) parse() (from, to time.Time, err error) {
	read := func(text string) time.Time {
		at, wrong := parseTime(text)
		switch {
		case err != nil:
		case wrong != nil:
			err = wrong
		case at == nil:
			err = scheduler.Errorf(scheduler.Invalid, "request.bad_time", "%q is not a time.", text).With("time", text)
		default:
			return *at
		}
		return time.Time{}
	}
	return read(r.From), read(r.To), err
}

func wireTimeline(t console.Timeline) Timeline {
	wire := Timeline{
		From: wireTime(t.From), To: wireTime(t.To), Capped: t.Capped, Cap: console.MaxTimelineRuns, Unfit: t.Unfit,
		Predicted: make([]Predicted, len(t.Predicted)), Terms: wireTerms(t.Terms), Recorded: t.Recorded, AsOf: wireTime(t.AsOf),
		Jobs: []NamedID{}, Workers: []string{}, States: []string{},
	}
	jobs, workers, states := places[scheduler.JobID]{}, places[string]{}, places[string]{}
	job := func(id scheduler.JobID, name string) int {
		place, fresh := jobs.of(id)
		if fresh {
			wire.Jobs = append(wire.Jobs, NamedID{ID: wireID(id), Name: name})
		}
		return place
	}
	text := func(known places[string], list *[]string, value string) int {
		place, fresh := known.of(value)
		if fresh {
			*list = append(*list, value)
		}
		return place
	}
	runs := newRunColumns(len(t.Runs))
	for _, r := range t.Runs {
		end := -1.0
		if r.FinishedAt != nil {
			end = wireMillis(r.FinishedAt.Sub(t.From))
		}
		late := 0.0
		if r.ScheduledFor != nil {
			late = wireMillis(r.StartedAt.Sub(*r.ScheduledFor))
		}
		runs.ID = append(runs.ID, wireID(r.ID))
		runs.Job = append(runs.Job, job(r.JobID, r.JobName))
		runs.Worker = append(runs.Worker, text(workers, &wire.Workers, r.AssignedWorker))
		runs.State = append(runs.State, text(states, &wire.States, string(r.State)))
		runs.Start = append(runs.Start, wireMillis(r.StartedAt.Sub(t.From)))
		runs.End = append(runs.End, end)
		runs.Late = append(runs.Late, late)
	}
	wire.Runs = runs
	for i, p := range t.Predicted {
		wire.Predicted[i] = Predicted{Job: job(p.JobID, p.JobName), At: wireTime(p.At), ExpectedMs: wireMillis(p.Expected)}
	}
	return wire
}

func newRunColumns(n int) RunColumns {
	return RunColumns{
		ID: make([]string, 0, n), Job: make([]int, 0, n), Worker: make([]int, 0, n), State: make([]int, 0, n),
		Start: make([]float64, 0, n), End: make([]float64, 0, n), Late: make([]float64, 0, n),
	}
}

// places numbers what it is asked for, in the order in which it comes.
type places[K comparable] map[K]int

// of gives the place of a key, and whether it is a new one.
func (p places[K]) of(key K) (place int, fresh bool) {
	if place, ok := p[key]; ok {
		return place, false
	}
	p[key] = len(p)
	return p[key], true
}
