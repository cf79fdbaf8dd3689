package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The previews of every operation, each on the struct of the screen that offers it. Operations.Perform carries them out.

// PlanDetach previews taking a worker out of the cluster.
func (w *Workers) PlanDetach(req IDRequest) (Preview, error) {
	return plan(w.session, "Workers.PlanDetach", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanDetachWorker(ctx, req.ID)
	})
}

// PlanUndock previews taking a worker's detach flag away.
func (w *Workers) PlanUndock(req IDRequest) (Preview, error) {
	return plan(w.session, "Workers.PlanUndock", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanUndockWorker(ctx, req.ID)
	})
}

// PlanDrain previews letting a worker take nothing new.
func (w *Workers) PlanDrain(req IDRequest) (Preview, error) {
	return plan(w.session, "Workers.PlanDrain", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanDrainWorker(ctx, req.ID)
	})
}

// PlanUndrain previews letting a drained worker work again.
func (w *Workers) PlanUndrain(req IDRequest) (Preview, error) {
	return plan(w.session, "Workers.PlanUndrain", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanUndrainWorker(ctx, req.ID)
	})
}

// PlanCancelCurrent previews ending the run that a worker has in hand.
func (w *Workers) PlanCancelCurrent(req IDRequest) (Preview, error) {
	return plan(w.session, "Workers.PlanCancelCurrent", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanCancelCurrent(ctx, req.ID)
	})
}

// PlanDegrade previews making the leader step down.
func (d *Dashboard) PlanDegrade() (Preview, error) {
	return plan(d.session, "Dashboard.PlanDegrade", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanDegradeLeader(ctx)
	})
}

// PlanCancel previews ending a run.
func (r *Runs) PlanCancel(req IDRequest) (Preview, error) {
	return planRun(r, "Runs.PlanCancel", req, (*operations.Commands).PlanCancelRun)
}

// PlanReassign previews giving a run to another worker.
func (r *Runs) PlanReassign(req IDRequest) (Preview, error) {
	return planRun(r, "Runs.PlanReassign", req, (*operations.Commands).PlanReassignRun)
}

// PlanRerun previews running a run that is over once more.
func (r *Runs) PlanRerun(req IDRequest) (Preview, error) {
	return planRun(r, "Runs.PlanRerun", req, (*operations.Commands).PlanRerunRun)
}

func planRun(r *Runs, name string, req IDRequest, make func(*operations.Commands, context.Context, scheduler.RunID) (operations.Plan, error)) (Preview, error) {
	return plan(r.session, name, func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return operations.Plan{}, err
		}
		return make(c, ctx, scheduler.RunID(id))
	})
}

// RunNowRequest is a job with the arguments of one run; "" = the job's own.
type RunNowRequest struct {
	JobID string `json:"jobId"`
	Args  string `json:"args"`
}

// EnableRequest switches a job on or off.
type EnableRequest struct {
	JobID  string `json:"jobId"`
	Enable bool   `json:"enable"`
}

// DuplicateRequest is a job and its copy's name.
type DuplicateRequest struct {
	JobID string `json:"jobId"`
	Name  string `json:"name"`
}

// PlanRunNow previews running a job now.
func (j *Jobs) PlanRunNow(req RunNowRequest) (Preview, error) {
	return planJob(j, "Jobs.PlanRunNow", req.JobID, func(ctx context.Context, c *operations.Commands, id scheduler.JobID) (operations.Plan, error) {
		return c.PlanRunNow(ctx, id, req.Args)
	})
}

// PlanEnable previews switching a job on or off.
func (j *Jobs) PlanEnable(req EnableRequest) (Preview, error) {
	return planJob(j, "Jobs.PlanEnable", req.JobID, func(ctx context.Context, c *operations.Commands, id scheduler.JobID) (operations.Plan, error) {
		return c.PlanEnableJob(ctx, id, req.Enable)
	})
}

// PlanDuplicate previews copying a job.
func (j *Jobs) PlanDuplicate(req DuplicateRequest) (Preview, error) {
	return planJob(j, "Jobs.PlanDuplicate", req.JobID, func(ctx context.Context, c *operations.Commands, id scheduler.JobID) (operations.Plan, error) {
		return c.PlanDuplicateJob(ctx, id, req.Name)
	})
}

// PlanDelete previews removing a job with its history.
func (j *Jobs) PlanDelete(req IDRequest) (Preview, error) {
	return planJob(j, "Jobs.PlanDelete", req.ID, func(ctx context.Context, c *operations.Commands, id scheduler.JobID) (operations.Plan, error) {
		return c.PlanDeleteJob(ctx, id)
	})
}

func planJob(j *Jobs, name, jobID string, make func(context.Context, *operations.Commands, scheduler.JobID) (operations.Plan, error)) (Preview, error) {
	return plan(j.session, name, func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		id, err := parseID(jobID)
		if err != nil {
			return operations.Plan{}, err
		}
		return make(ctx, c, scheduler.JobID(id))
	})
}

// SettingRequest is a key with its new value as JSON text.
type SettingRequest struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// EventRequest is an event. Payload is JSON text; DedupeKey "" = none.
type EventRequest struct {
	Type      string `json:"type"`
	Payload   string `json:"payload"`
	DedupeKey string `json:"dedupeKey"`
}

// PlanSetSetting previews writing a setting.
func (o *Operations) PlanSetSetting(req SettingRequest) (Preview, error) {
	return plan(o.session, "Operations.PlanSetSetting", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanSetSetting(ctx, req.Key, req.Value)
	})
}

// PlanResetSetting previews removing a setting.
func (o *Operations) PlanResetSetting(req IDRequest) (Preview, error) {
	return plan(o.session, "Operations.PlanResetSetting", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanResetSetting(ctx, req.ID)
	})
}

// PlanApplySettings previews making every worker read the settings again.
func (o *Operations) PlanApplySettings() (Preview, error) {
	return plan(o.session, "Operations.PlanApplySettings", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanApplySettings(ctx)
	})
}

// PlanIngestEvent previews telling the scheduler of an event.
func (o *Operations) PlanIngestEvent(req EventRequest) (Preview, error) {
	return plan(o.session, "Operations.PlanIngestEvent", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		return c.PlanIngestEvent(ctx, req.Type, req.Payload, req.DedupeKey)
	})
}
