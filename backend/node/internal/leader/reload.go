package leader

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const reloadTimeout = 3 * time.Second

// reload is the request that is being carried out, and then its answer until a transaction has written it.
type reload struct {
	mu      sync.Mutex
	request int64 // 0 = none
	result  *reloadResult
}

// reloadResult is result_json, in the shape of the schedulers in the field.
type reloadResult struct {
	Generation int64                   `json:"leader_cache_generation"`
	Targets    map[string]reloadTarget `json:"targets"`
	OK         int                     `json:"ok_count"`
	Total      int                     `json:"total"`
}

type reloadTarget struct {
	Target     string `json:"target"`
	OK         bool   `json:"ok"`
	Message    string `json:"message"`
	Generation int64  `json:"cache_generation"`
}

// requests writes the answer to the last request and takes the next.
func (p *planner) requests(ctx context.Context) error {
	p.reload.mu.Lock()
	defer p.reload.mu.Unlock()
	switch r := &p.reload; {
	case r.request != 0 && r.result == nil:
		return nil // workers are being called
	case r.result != nil:
		text, err := json.Marshal(r.result)
		if err != nil {
			return err
		}
		if err := p.tx.AnswerReload(ctx, r.request, r.result.OK == r.result.Total, p.config.ID, text); err != nil {
			return err
		}
		p.plan.answered = true
	}
	request, err := p.tx.ReloadRequest(ctx)
	p.plan.reload = request
	return err
}

// reloadAll calls every live worker, in the background.
func (l *Leader) reloadAll(ctx context.Context, p plan, members []cluster.Member) {
	l.reload.mu.Lock()
	defer l.reload.mu.Unlock()
	if p.answered {
		l.reload.request, l.reload.result = 0, nil
	}
	if p.reload == nil || l.reload.request != 0 {
		return
	}
	l.reload.request = p.reload.ID
	request := *p.reload
	l.flights.all.Go(func() {
		result := &reloadResult{Targets: map[string]reloadTarget{}, Total: len(members)}
		var mu sync.Mutex
		var calls []<-chan struct{}
		for _, m := range members {
			calls = append(calls, l.flights.board(ctx, func() {
				answer := l.reloadOne(ctx, m, request)
				mu.Lock()
				defer mu.Unlock()
				result.Targets[m.ID] = answer
				if answer.OK {
					result.OK++
				}
			}))
		}
		for _, done := range calls {
			<-done
		}
		result.Generation = l.config.Settings.Generation()
		l.reload.mu.Lock()
		defer l.reload.mu.Unlock()
		if ctx.Err() != nil { // the next leader takes the request up
			l.reload.request = 0
			return
		}
		l.reload.result = result
		l.config.Log.Info("settings reloaded by request", "request", request.ID, "ok", result.OK, "workers", result.Total)
	})
}

func (l *Leader) reloadOne(ctx context.Context, m cluster.Member, request store.ReloadRequest) reloadTarget {
	target := reloadTarget{Target: m.Address}
	worker, err := l.config.Peers.Worker(m.Address)
	if err == nil {
		calling, cancel := context.WithTimeout(ctx, reloadTimeout)
		defer cancel()
		var answer *workerpb.ReloadConfigResponse
		answer, err = worker.ReloadConfig(calling, &workerpb.ReloadConfigRequest{LeaderEpoch: l.term.Epoch, RequestedBy: request.By})
		if err == nil {
			target.OK, target.Message, target.Generation = answer.Ok, answer.Message, answer.CacheGeneration
		}
	}
	if err != nil {
		target.Message = err.Error()
	}
	return target
}
