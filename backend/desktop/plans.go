package desktop

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// planLasts is how long a preview may stand on screen before it has to be looked at again.
	planLasts = 10 * time.Minute
	// maxPlans bounds what a page can make the program keep.
	maxPlans = 100
)

// plans keeps what was previewed under one-time tokens: the page can only perform what it was shown.
type plans struct {
	mu   sync.Mutex
	kept map[string]keptPlan
}

type keptPlan struct {
	plan any // operations.Plan or operations.BulkPlan
	at   time.Time
}

func newPlans() *plans { return &plans{kept: map[string]keptPlan{}} }

func (p *plans) keep(plan any) (token string) {
	token = rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	now, oldest := time.Now(), ""
	for t, k := range p.kept {
		if now.Sub(k.at) > planLasts {
			delete(p.kept, t)
		} else if oldest == "" || k.at.Before(p.kept[oldest].at) {
			oldest = t
		}
	}
	if len(p.kept) >= maxPlans {
		delete(p.kept, oldest)
	}
	p.kept[token] = keptPlan{plan, now}
	return token
}

// planOf gives the plan of a token, which stays until it is dropped.
func planOf[T any](p *plans, token string) (T, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.kept[token]
	plan, right := k.plan.(T)
	if !ok || !right || time.Since(k.at) > planLasts {
		return plan, scheduler.Errorf(scheduler.Stale, "operation.no_plan", "What was shown is too old, or was performed already. Look again.")
	}
	return plan, nil
}

func (p *plans) drop(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.kept, token)
}

func (p *plans) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.kept)
}

// plan previews an operation for the page and keeps it for performing.
func plan(s *Session, name string, make func(context.Context, *operations.Commands) (operations.Plan, error)) (Preview, error) {
	return act(s, name, callTimeout, func(ctx context.Context, c *operations.Commands) (Preview, error) {
		p, err := make(ctx, c)
		if err != nil {
			return Preview{}, err
		}
		return wirePreview(s.plans.keep(p), p.Preview), nil
	})
}
