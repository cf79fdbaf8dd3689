package operations

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// truth looks at what became of an operation that nobody finished.
func (c *Commands) truth(ctx context.Context, o OpenOperation) effect {
	ctx, cancel := context.WithTimeout(ctx, actDeadline)
	defer cancel()
	switch {
	case o.Action == "worker.detach":
		return c.truthOfDetach(ctx, o)
	case o.Action == "worker.undock":
		return c.truthOfUndock(ctx, o)
	case o.Action == "worker.drain":
		return c.truthOfDrain(ctx, o, true)
	case o.Action == "worker.undrain":
		return c.truthOfDrain(ctx, o, false)
	case o.Action == "leader.degrade":
		return c.truthOfDegrade(ctx, o)
	case o.Action == "job_run.cancel" || o.Action == "worker.cancel_current":
		return c.truthOfCancel(ctx, o)
	case strings.HasPrefix(o.Action, "bulk."):
		// Its parts have audit rows of their own; as a whole it was cut short.
		return effect{result: Failed, reason: "operation.cut_short", accepted: NoMatter, written: NoMatter, observed: NoMatter}
	}
	return unseen(nil)
}

// unseen is the effect of an operation of which nothing can be seen, because of err or because there is nothing to look at.
func unseen(err error) effect {
	e := effect{result: Unknown, reason: "operation.not_seen", accepted: Unclear, written: Unclear, observed: Unclear}
	if err != nil {
		e = e.failure(err)
		e.result = Unknown
	}
	return e
}

// verdictOf is the effect of an operation whose trace could be looked at.
func verdictOf(happened bool, seen map[string]any) effect {
	if happened {
		return effect{result: Done, reason: "operation.was_done", accepted: NoMatter, written: Yes, observed: Yes, seen: seen}
	}
	return effect{result: Failed, reason: "operation.was_not_done", accepted: NoMatter, written: No, observed: No, seen: seen}
}

func (c *Commands) truthOfDetach(ctx context.Context, o OpenOperation) effect {
	flag, err := c.Ports.Flags.DetachFlag(ctx, o.Target)
	if err != nil {
		return unseen(err)
	}
	worker, lives, err := c.find(ctx, o.Target)
	if err != nil {
		return unseen(err)
	}
	seen := map[string]any{"flag": flag != nil, "worker_lives": lives}
	switch {
	case flag != nil && flag.ActionID != string(o.ID):
		return verdictOf(false, seen) // somebody else's
	case flag == nil && lives:
		return verdictOf(worker.Detached, seen)
	case flag == nil:
		return unseen(nil) // a worker that has left has no flag any more, whether it was asked or died
	case o.kept().Way == wayDetachDrain && lives:
		status, err := c.status(ctx, worker)
		if err != nil {
			return unseen(err)
		}
		seen["draining"] = status.Draining
		return c.released(ctx, o, verdictOf(status.Draining, seen))
	}
	return verdictOf(true, seen)
}

// released lowers the verdict on a worker that was told to stop, where its waiting runs were to go back and still wait.
func (c *Commands) released(ctx context.Context, o OpenOperation, e effect) effect {
	if way := o.kept().Way; e.result != Done || way != wayDetachDrain && way != wayDrainRelease {
		return e
	}
	waiting, err := c.runsOf(ctx, o.Target, scheduler.Assigned)
	if err != nil {
		return unseen(err)
	}
	if len(waiting) > 0 {
		e.result, e.reason, e.observed = Failed, reasonPartly, No
		e.seen["assigned"] = len(waiting)
	}
	return e
}

// reasonPartly is why an operation that was cut short counts as failed although something was done.
const reasonPartly = "operation.partly_done"

func (c *Commands) truthOfUndock(ctx context.Context, o OpenOperation) effect {
	flag, err := c.Ports.Flags.DetachFlag(ctx, o.Target)
	if err != nil {
		return unseen(err)
	}
	e := verdictOf(flag == nil, map[string]any{"flag": flag != nil})
	if e.result != Done || !o.kept().Drained {
		return e
	}
	worker, lives, err := c.find(ctx, o.Target)
	if err != nil || !lives {
		return e // with the worker its drain has ended
	}
	status, err := c.status(ctx, worker)
	if err != nil {
		return unseen(err)
	}
	if e.seen["draining"] = status.Draining; status.Draining {
		e.result, e.reason, e.observed = Failed, reasonPartly, No
	}
	return e
}

func (c *Commands) truthOfDrain(ctx context.Context, o OpenOperation, enable bool) effect {
	worker, lives, err := c.find(ctx, o.Target)
	if err != nil || !lives {
		return unseen(err)
	}
	status, err := c.status(ctx, worker)
	if err != nil {
		return unseen(err)
	}
	return c.released(ctx, o, verdictOf(status.Draining == enable, map[string]any{"draining": status.Draining}))
}

func (c *Commands) truthOfDegrade(ctx context.Context, o OpenOperation) effect {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return unseen(err)
	}
	now := fleet.Leadership
	seen := map[string]any{"leader": now.LeaderID, "epoch": epochText(now.Epoch), "flag": now.Degrading}
	before, err := strconv.ParseInt(o.kept().Epoch, 10, 64)
	if err != nil || now.Epoch == nil {
		return unseen(nil)
	}
	switch {
	case *now.Epoch > before:
		return verdictOf(true, seen)
	case now.Degrading || now.LeaderID == "":
		return unseen(nil) // it may still be obeyed
	}
	return verdictOf(false, seen)
}

func (c *Commands) truthOfCancel(ctx context.Context, o OpenOperation) effect {
	id, err := strconv.ParseInt(o.kept().Run, 10, 64)
	if err != nil {
		return unseen(nil)
	}
	run, err := c.Ports.Runs.Run(ctx, scheduler.RunID(id))
	if err != nil {
		return unseen(err)
	}
	seen := map[string]any{"state": run.State}
	if run.State.Final() {
		return verdictOf(run.State == scheduler.Canceled, seen)
	}
	worker, lives, err := c.find(ctx, run.AssignedWorker)
	if err != nil || !lives {
		return unseen(err)
	}
	if _, err := c.status(ctx, worker); err != nil {
		return unseen(err)
	}
	return verdictOf(false, seen) // a canceled run ends within seconds
}

func (c *Commands) find(ctx context.Context, id string) (scheduler.Worker, bool, error) {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return scheduler.Worker{}, false, err
	}
	at := slices.IndexFunc(fleet.Workers, func(w scheduler.Worker) bool { return w.ID == id && !w.Silent() })
	if at < 0 {
		return scheduler.Worker{}, false, nil
	}
	return fleet.Workers[at], true, nil
}
