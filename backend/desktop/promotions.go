package desktop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// PromoteRequest chooses what to bring over into the shown environment.
type PromoteRequest struct {
	Items []PromoteChoice `json:"items"`
}

// PromoteChoice names a job or a setting as it was read.
type PromoteChoice struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Mark string `json:"mark"`
}

// The reasons why something can't be brought over.
const (
	keptEqual     = "equal"
	keptOnlyHere  = "only_here"
	keptAmbiguous = "ambiguous"
	keptMasked    = "masked"
	keptReadOnly  = "read_only"
)

// promotionPlan is a plan with the environment that it brings over from.
type promotionPlan struct {
	operations.BulkPlan
	there *opened
}

// PlanPromotion previews bringing the chosen jobs and settings over, as they were when they were read.
func (c *Comparisons) PlanPromotion(req PromoteRequest) (Preview, error) {
	return between(c.session, "Comparisons.PlanPromotion", func(ctx context.Context, here, there *opened) (Preview, error) {
		commands, err := here.commands()
		if err != nil {
			return Preview{}, err
		}
		items, _, err := c.items(ctx, here, there)
		if err != nil {
			return Preview{}, err
		}
		chosen, err := choose(items, req.Items)
		if err != nil {
			return Preview{}, err
		}
		plan, err := commands.PlanPromotion(ctx,
			operations.PromotionSource{ID: there.ID, Name: there.Name, Commands: there.Commands},
			operations.PromotionTarget{ID: here.ID, Name: here.Name}, chosen)
		if err != nil {
			return Preview{}, err
		}
		return wirePreview(c.session.plans.keep(promotionPlan{plan, there}), plan.Preview), nil
	})
}

// StartPromotion begins what was previewed under the token and returns at once; the event opsdeck:task tells of its progress. The
// other environment stays open until it has ended.
func (c *Comparisons) StartPromotion(req PerformRequest) (Task, error) {
	s := c.session
	return between(s, "Comparisons.StartPromotion", func(_ context.Context, here, there *opened) (Task, error) {
		commands, err := here.commands()
		if err != nil {
			return Task{}, err
		}
		plan, err := planOf[promotionPlan](s.plans, req.Token)
		if err != nil {
			return Task{}, err
		}
		if plan.there != there {
			return Task{}, scheduler.Errorf(scheduler.Stale, "operation.no_plan", "What was shown belongs to another environment. Look again.")
		}
		order := operations.Order{Reason: req.Reason, TypedName: req.TypedName}
		if err := commands.Check(plan.Preview, order); err != nil {
			return Task{}, err
		}
		s.plans.drop(req.Token)
		there.uses.Add(1)
		return s.startBulk(here, commands, plan.BulkPlan, order, there.uses.Done), nil
	})
}

// choose finds what was chosen, which must be as it was read.
func choose(items []compare.Item, choices []PromoteChoice) ([]operations.PromotionItem, error) {
	byName := map[[2]string]compare.Item{}
	for _, item := range items {
		byName[[2]string{string(item.Kind), item.Name}] = item
	}
	chosen := make([]operations.PromotionItem, 0, len(choices))
	for _, choice := range choices {
		item, found := byName[[2]string{choice.Kind, choice.Name}]
		if !found || markOf(item) != choice.Mark {
			return nil, scheduler.Errorf(scheduler.Stale, "compare.changed", "%q has changed since both environments were compared. Compare again.", choice.Name).
				With("name", choice.Name)
		}
		p, kept := promotion(item)
		if kept != "" {
			return nil, scheduler.Errorf(scheduler.Invalid, "compare.kept", "%q can't be brought over.", choice.Name).With("name", choice.Name)
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

// promotion is what bringing an item over would do, or the key of why it can't be. Fields that are expected to differ, and those
// that hold secrets, stay as they are here.
func promotion(item compare.Item) (p operations.PromotionItem, kept string) {
	switch {
	case item.State == compare.Equal || item.State == compare.Expected:
		return p, keptEqual
	case item.State == compare.OnlyHere:
		return p, keptOnlyHere
	case item.Kind == compare.Job && item.ThereJob == nil:
		return p, keptAmbiguous
	case item.Kind == compare.Job:
		return jobPromotion(item)
	}
	there := item.ThereSetting
	if item.State == compare.Unknown || there.Value == nil {
		return p, keptMasked
	}
	if !there.Editable || item.HereSetting != nil && !item.HereSetting.Editable {
		return p, keptReadOnly
	}
	p.Setting, p.Value = item.Name, there.Value
	if item.HereSetting != nil {
		p.SettingSeen = item.HereSetting.Updated
	}
	return p, ""
}

func jobPromotion(item compare.Item) (p operations.PromotionItem, kept string) {
	job := *item.ThereJob
	job.ID = 0
	here := item.HereJob
	if here != nil {
		job.ID, p.JobSeen = here.ID, here.UpdatedAt
	}
	for _, f := range item.Fields {
		switch {
		case f.State == compare.Unknown && here == nil:
			return p, keptMasked
		case f.State == compare.Unknown || f.State == compare.Expected && here != nil:
			compare.KeepField(&job, *here, f.Name)
		}
	}
	if item.State == compare.Unknown {
		return p, keptMasked // nothing else differs
	}
	p.Job = &job
	return p, ""
}

// markOf names exactly what was read of an item on both sides.
func markOf(item compare.Item) string {
	sum := sha256.New()
	for _, job := range []*scheduler.Job{item.HereJob, item.ThereJob} {
		if job == nil {
			fmt.Fprint(sum, "-|")
			continue
		}
		fmt.Fprintf(sum, "%d %s|", job.ID, job.UpdatedAt.UTC())
	}
	for _, f := range item.Fields {
		fmt.Fprintf(sum, "%q %s %q %q|", f.Name, f.State, f.Here, f.There)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}
