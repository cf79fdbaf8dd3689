package operations

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// scene is the cluster around one worker.
type scene struct {
	scheduler.Fleet
	worker   scheduler.Worker
	running  []scheduler.Run // the newest of them, as assigned
	assigned []scheduler.Run
	open     console.OpenRuns // how many there are of both
}

// around finds a living worker with its runs, and everything beside it.
func (c *Commands) around(ctx context.Context, id string) (scene, error) {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return scene{}, err
	}
	s := scene{Fleet: fleet}
	at := slices.IndexFunc(fleet.Workers, func(w scheduler.Worker) bool { return w.ID == id })
	if at < 0 || fleet.Workers[at].Silent() {
		return scene{}, gone(id)
	}
	if strings.ContainsRune(id, '\uFFFD') {
		return scene{}, scheduler.Errorf(scheduler.Invalid, "operation.unusable_id",
			"This worker's id holds bytes that are no text, so that it can't be named to anybody.")
	}
	s.worker = fleet.Workers[at]
	if s.running, err = c.runsOf(ctx, id, scheduler.Running); err != nil {
		return scene{}, err
	}
	if s.assigned, err = c.runsOf(ctx, id, scheduler.Assigned); err != nil {
		return scene{}, err
	}
	open, err := c.Ports.Stats.OpenRunsByWorker(ctx)
	s.open = open[id]
	return s, err
}

func gone(id string) error {
	return scheduler.Errorf(scheduler.NotFound, "workers.gone",
		"Worker %q has no heartbeat any more, so there is no address to call.", id).With("worker", id)
}

func (c *Commands) runsOf(ctx context.Context, worker string, state scheduler.RunState) ([]scheduler.Run, error) {
	filter := console.RunFilter{WorkerID: worker, States: []scheduler.RunState{state}}
	runs, _, err := c.Ports.Runs.ListRuns(ctx, filter, console.Cursor{}, console.MaxPageSize)
	return runs, err
}

// able tells whether a worker takes new runs, as far as Redis knows.
func able(w scheduler.Worker) bool { return !w.Silent() && !w.Detached && !w.DetachFlag && !w.Draining }

// left lists the other workers that take new runs, and those of them on the same node.
func (s scene) left() (all, onNode []string) {
	for _, w := range s.Workers {
		if w.ID == s.worker.ID || !able(w) {
			continue
		}
		all = append(all, w.ID)
		if w.NodeID == s.worker.NodeID {
			onNode = append(onNode, w.ID)
		}
	}
	return all, onNode
}

// withdrawal is what taking a worker out of service touches, and how much that wants confirmed: without another worker
// that can work, everything stands still.
func (s scene) withdrawal() (Tier, []Touch, []Note) {
	all, onNode := s.left()
	touches := []Touch{
		touch("running", runNames(s.running)...).of(s.open.Running), touch("assigned", runNames(s.assigned)...).of(s.open.Assigned),
		touch("workers_left", all...), touch("workers_left_on_node", onNode...),
	}
	if len(all) == 0 {
		return Dangerous, touches, []Note{danger("last_worker")}
	}
	return Confirm, touches, nil
}

// basis is what a look at a worker rests on.
func (s scene) basis() basis {
	all, _ := s.left()
	return basis{
		"worker": fmt.Sprint(s.worker.Address, s.worker.Capabilities), "role": string(s.worker.Role), "run": list(runIDs(s.running)),
		"last": strconv.FormatBool(len(all) == 0),
	}
}

func (s scene) obeys(c scheduler.Capability) bool { return slices.Contains(s.worker.Capabilities, c) }

// status asks the worker itself, and makes sure that it is still the one that listens at its address.
func (c *Commands) status(ctx context.Context, w scheduler.Worker) (console.WorkerStatus, error) {
	status, err := c.Ports.Workers.Status(ctx, w.Address)
	if err == nil && status.WorkerID != w.ID {
		err = scheduler.Errorf(scheduler.Unavailable, "operation.other_worker",
			"At %s another worker answers now, not %q.", w.Address, w.ID).With("address", w.Address).With("worker", w.ID)
	}
	return status, err
}

// by is whom a flag in Redis names.
func (c *Commands) by(ctx context.Context) string {
	operator, err := c.Ports.Identity.Operator(ctx)
	if err != nil {
		return ""
	}
	if operator.Username != "" {
		return operator.Username
	}
	return operator.Login
}

func runNames(runs []scheduler.Run) []string {
	names := make([]string, len(runs))
	for i, r := range runs {
		names[i] = fmt.Sprintf("%d %s", r.ID, r.JobName)
	}
	return names
}

func runIDs(runs []scheduler.Run) []string {
	ids := make([]string, len(runs))
	for i, r := range runs {
		ids[i] = runText(r.ID)
	}
	return ids
}

func runText(id scheduler.RunID) string { return strconv.FormatInt(int64(id), 10) }

func epochText(epoch *int64) string {
	if epoch == nil {
		return ""
	}
	return strconv.FormatInt(*epoch, 10)
}

// epochNumber is what a worker is told: 0 where nobody ever led.
func epochNumber(epoch *int64) int64 {
	if epoch == nil {
		return 0
	}
	return *epoch
}

func conflict(reason, format string, args ...any) *scheduler.Error {
	return scheduler.Errorf(scheduler.Conflict, reason, format, args...)
}
