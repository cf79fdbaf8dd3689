package worker

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// reloadTimeout is the deadline of the schedulers in the field for this call.
const reloadTimeout = time.Second

// ReloadConfig reads the settings anew, and says which of them can't be used.
func (w *Worker) ReloadConfig(ctx context.Context, req *workerpb.ReloadConfigRequest) (*workerpb.ReloadConfigResponse, error) {
	if req.LeaderEpoch < w.config.Standing().Epoch {
		return &workerpb.ReloadConfigResponse{Message: "old epoch"}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, reloadTimeout)
	defer cancel()
	generation, err := w.config.Reload(ctx)
	w.config.Log.Info("settings reloaded", "requested_by", req.RequestedBy, "generation", generation)
	if err != nil {
		return &workerpb.ReloadConfigResponse{Message: plainText(err.Error()), CacheGeneration: generation}, nil
	}
	return &workerpb.ReloadConfigResponse{Ok: true, CacheGeneration: generation}, nil
}
