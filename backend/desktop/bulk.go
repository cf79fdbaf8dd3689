package desktop

import (
	"context"
	"sync"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// taskEvent tells the page how far a bulk operation is. Events may come out of order: Handled only grows.
const taskEvent = "opsdeck:task"

// BulkRequest chooses runs: those listed, or else all that match the filter.
type BulkRequest struct {
	Kind   string    `json:"kind"` // cancel, reassign or rerun
	IDs    []string  `json:"ids"`
	Filter RunFilter `json:"filter"`
}

// Task is how far a bulk operation is.
type Task struct {
	ID       string            `json:"id"` // of the operation
	Total    int               `json:"total"`
	Handled  int               `json:"handled"`
	Counts   map[string]int    `json:"counts"` // by result
	Failures []TaskFailure     `json:"failures"`
	Stopping bool              `json:"stopping"`
	Stopped  bool              `json:"stopped"`
	Over     bool              `json:"over"`
	Reason   string            `json:"reason"` // why nothing was begun, or what to know of its end
	Args     map[string]string `json:"args"`
}

// TaskFailure is a part that was not done.
type TaskFailure struct {
	RunID   string  `json:"runId"` // "" = it is about no run
	Name    string  `json:"name"`  // of a job or setting, behind a key for its kind
	Outcome Outcome `json:"outcome"`
}

// tasks are the bulk operations that go on, and the last of those that ended.
type tasks struct {
	mu   sync.Mutex
	kept map[string]*keptTask
}

type keptTask struct {
	task Task
	stop context.CancelFunc
}

// maxTasks is how many bulk operations are remembered.
const maxTasks = 20

// PlanBulk freezes a selection of runs and previews an operation over those that allow it.
func (r *Runs) PlanBulk(req BulkRequest) (Preview, error) {
	return act(r.session, "Runs.PlanBulk", callTimeout, func(ctx context.Context, c *operations.Commands) (Preview, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return Preview{}, err
		}
		selection := operations.Selection{Filter: filter}
		for _, text := range req.IDs {
			id, err := parseID(text)
			if err != nil {
				return Preview{}, err
			}
			selection.IDs = append(selection.IDs, scheduler.RunID(id))
		}
		p, err := c.PlanBulk(ctx, operations.BulkKind(req.Kind), selection)
		if err != nil {
			return Preview{}, err
		}
		return wirePreview(r.session.plans.keep(p), p.Preview), nil
	})
}

// StartBulk begins what was previewed under the token and returns at once; the event opsdeck:task tells of its progress.
func (o *Operations) StartBulk(req PerformRequest) (Task, error) {
	s := o.session
	return lend(s, "Operations.StartBulk", callTimeout, func(_ context.Context, o *opened) (Task, error) {
		commands, err := o.commands()
		if err != nil {
			return Task{}, err
		}
		plan, err := planOf[operations.BulkPlan](s.plans, req.Token)
		if err != nil {
			return Task{}, err
		}
		order := operations.Order{Reason: req.Reason, TypedName: req.TypedName}
		if err := commands.Check(plan.Preview, order); err != nil {
			return Task{}, err
		}
		s.plans.drop(req.Token)
		return s.startBulk(o, commands, plan, order, func() {}), nil
	})
}

// startBulk begins a task that ends with its environment. over is called when it has ended.
func (s *Session) startBulk(o *opened, c *operations.Commands, plan operations.BulkPlan, order operations.Order, over func()) Task {
	ctx, stop := context.WithCancel(o.life)
	first := wireTask(operations.BulkProgress{ID: plan.ID, Total: plan.Size()})
	s.tasks.begin(first, stop)
	o.uses.Go(func() {
		defer over()
		defer stop()
		_, err := c.PerformBulk(ctx, plan, order, func(b operations.BulkProgress) {
			s.config.Emit(taskEvent, s.tasks.update(wireTask(b)))
		})
		if err != nil {
			s.config.Log.ErrorContext(ctx, "a bulk operation did not begin", "operation", plan.ID, "error", err)
			s.config.Emit(taskEvent, s.tasks.update(notBegun(first, err)))
		}
		s.clock.changed("runs", "fleet", "activity", "day", "jobs", "settings", "audit", "operations")
	})
	return first
}

// Task tells how far a bulk operation is.
func (o *Operations) Task(req IDRequest) (Task, error) {
	task, _, err := o.session.tasks.find(req.ID)
	return task, err
}

// StopBulk ends a bulk operation before its next part. What has begun goes to its end.
func (o *Operations) StopBulk(req IDRequest) (Task, error) {
	task, stop, err := o.session.tasks.find(req.ID)
	if err != nil {
		return task, err
	}
	stop()
	task.Stopping = !task.Over
	return o.session.tasks.update(task), nil
}

func newTasks() *tasks { return &tasks{kept: map[string]*keptTask{}} }

func (t *tasks) begin(task Task, stop context.CancelFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id, k := range t.kept {
		if len(t.kept) >= maxTasks && k.task.Over {
			delete(t.kept, id)
		}
	}
	t.kept[task.ID] = &keptTask{task, stop}
}

// forget forgets the tasks of an environment that is closed; they have ended.
func (t *tasks) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.kept)
}

// underWay tells whether any task goes on.
func (t *tasks) underWay() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.kept {
		if !k.task.Over {
			return true
		}
	}
	return false
}

// update keeps how far a task is and gives it with what only the window knows of it.
func (t *tasks) update(task Task) Task {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.kept[task.ID]
	if k == nil || k.task.Handled > task.Handled || k.task.Over {
		return task
	}
	task.Stopping = (task.Stopping || k.task.Stopping) && !task.Over
	k.task = task
	return task
}

func (t *tasks) find(id string) (Task, context.CancelFunc, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.kept[id]
	if k == nil {
		return Task{}, nil, scheduler.Errorf(scheduler.NotFound, "bulk.unknown", "There is no such bulk operation here.")
	}
	return k.task, k.stop, nil
}

func wireTask(b operations.BulkProgress) Task {
	task := Task{
		ID: string(b.ID), Total: b.Total, Handled: b.Handled(), Counts: map[string]int{}, Failures: make([]TaskFailure, len(b.Failures)),
		Stopped: b.Stopped, Over: b.Over, Reason: b.Reason, Args: orNone(b.Args),
	}
	for result, n := range b.Counts {
		task.Counts[string(result)] = n
	}
	for i, f := range b.Failures {
		task.Failures[i] = TaskFailure{Name: f.Name, Outcome: wireOutcome(f.Outcome)}
		if f.Run != 0 {
			task.Failures[i].RunID = wireID(f.Run)
		}
	}
	return task
}

// notBegun is a task that ended before its first part.
func notBegun(task Task, err error) Task {
	wire := Wire(err)
	task.Over, task.Reason, task.Args = true, wire.Reason, orNone(wire.Args)
	return task
}
