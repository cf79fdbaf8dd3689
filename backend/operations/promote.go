package operations

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// MaxPromotion is how many jobs and settings are brought over at once.
const MaxPromotion = 100

// PromotionSource is the environment that jobs and settings are brought over from. Nothing is changed there, but it is written
// down there too; without Commands it can't be.
type PromotionSource struct {
	ID       string
	Name     string
	Commands *Commands // nil where its database has no gate
}

// PromotionTarget is the environment of the Commands, by the names that its operator knows it by.
type PromotionTarget struct{ ID, Name string }

// PromotionItem is one job or one setting as it shall be here.
type PromotionItem struct {
	// Job is a definition. Its ID is that of the one that it replaces; 0 = it is made anew.
	Job *scheduler.Job
	// JobSeen is the UpdatedAt of the definition that it replaces.
	JobSeen time.Time
	// Setting is a key, with its value and the UpdatedAt of the one that it replaces; nil = there was none.
	Setting     string
	Value       json.RawMessage
	SettingSeen *time.Time
}

// PlanPromotion previews bringing jobs and settings over from another environment. Each becomes an operation of its own, with
// its own look, when the whole is performed as a [BulkPlan].
func (c *Commands) PlanPromotion(ctx context.Context, source PromotionSource, target PromotionTarget, items []PromotionItem) (BulkPlan, error) {
	if err := c.allowed(); err != nil {
		return BulkPlan{}, err
	}
	if limit := min(MaxPromotion, c.Policy.BulkLimit); len(items) == 0 || len(items) > limit {
		return BulkPlan{}, scheduler.Errorf(scheduler.Invalid, "promote.count", "Choose 1 to %d jobs and settings to bring over.", limit).
			With("max", strconv.Itoa(limit))
	}
	plan := BulkPlan{ID: NewID(), claim: &claim{by: c}}
	touched := map[string][]string{}
	for _, item := range items {
		o, kind, name := item.operation()
		seen, err := c.look(ctx, o)
		if err != nil {
			return BulkPlan{}, err
		}
		if seen.Tier == Dangerous {
			return BulkPlan{}, conflict("bulk.dangerous", "%s is too dangerous to be done with others: do it alone.", name)
		}
		plan.items = append(plan.items, bulkItem{name: kind + " " + name, operation: o, seen: seen.basis})
		touched[kind] = append(touched[kind], name)
		plan.Notes = addNotes(plan.Notes, seen.Notes)
	}
	plan.hash = plan.digest()
	plan.detail = map[string]any{"source": source.ID, "source_name": source.Name, "items": plan.names()}
	plan.source = &sourceNote{source: source, target: target, id: NewID()}
	plan.Preview = Preview{
		Action: "environment.promote", Target: source.ID, Tier: Confirm, AsOf: c.Now(), Notes: plan.Notes,
	}
	for _, kind := range []string{promoteNewJob, promoteJob, promoteSetting} {
		if names := touched[kind]; len(names) > 0 {
			plan.Touches = append(plan.Touches, Touch{Key: kind, Count: len(names), Names: names[:min(len(names), maxNames)]})
		}
	}
	if source.Commands == nil {
		plan.Notes = append(plan.Notes, warning("promote_unnoted", "source", source.Name))
	} else {
		plan.Notes = append(plan.Notes, info("promote_noted", "source", source.Name))
	}
	if c.Policy.TypedNames || len(plan.items) > manyRuns {
		plan.Tier, plan.TypedName = Dangerous, target.Name
	}
	return plan, nil
}

// The kinds of what is brought over, which are keys of touches too.
const (
	promoteNewJob  = "promote_new_job"
	promoteJob     = "promote_job"
	promoteSetting = "promote_setting"
)

func (item PromotionItem) operation() (o operation, kind, name string) {
	switch {
	case item.Job == nil:
		return promotedSetting{setSetting{item.Setting, item.Value}, item.SettingSeen}, promoteSetting, item.Setting
	case item.Job.ID == 0:
		return promotedJob{createJob{*item.Job}}, promoteNewJob, item.Job.Name
	}
	return updateJob{item.Job.ID, item.JobSeen, *item.Job}, promoteJob, item.Job.Name
}

// promotedJob makes a job unless one of its name has come meanwhile: by their names jobs are compared.
type promotedJob struct{ createJob }

func (o promotedJob) look(ctx context.Context, c *Commands) (sight, error) {
	jobs, err := c.Ports.Jobs.ListJobs(ctx, 1)
	if err != nil {
		return sight{}, err
	}
	for _, j := range jobs {
		if j.Job.Name == o.job.Name {
			return sight{}, scheduler.Errorf(scheduler.Stale, "promote.job_exists", "A job %q was made here since both environments were compared. Compare again.", o.job.Name).
				With("name", o.job.Name)
		}
	}
	return o.createJob.look(ctx, c)
}

// promotedSetting sets a key unless it was changed since it was compared.
type promotedSetting struct {
	setSetting
	seen *time.Time
}

func (o promotedSetting) look(ctx context.Context, c *Commands) (sight, error) {
	now, err := c.Ports.Records.Setting(ctx, o.key)
	if err != nil {
		return sight{}, err
	}
	if (now.UpdatedAt == nil) != (o.seen == nil) || o.seen != nil && !now.UpdatedAt.Equal(*o.seen) {
		return sight{}, scheduler.Errorf(scheduler.Stale, "promote.setting_changed", "%s was changed here since both environments were compared. Compare again.", o.key).
			With("setting", o.key)
	}
	return o.setSetting.look(ctx, c)
}

// addNotes adds the notes that are not there yet.
func addNotes(notes, more []Note) []Note {
	for _, n := range more {
		if !slices.ContainsFunc(notes, func(o Note) bool { return o.Key == n.Key && fmt.Sprint(o.Args) == fmt.Sprint(n.Args) }) {
			notes = append(notes, n)
		}
	}
	return notes
}

// names lists what is brought over, for the audit.
func (p BulkPlan) names() []string {
	names := make([]string, len(p.items))
	for i, item := range p.items {
		names[i] = item.name
	}
	return names
}

// sourceNote is what the source's audit is told of a promotion.
type sourceNote struct {
	source PromotionSource
	target PromotionTarget
	id     OperationID
}

// begin writes down at the source that its definitions are about to be brought elsewhere. The outcome says why they are not.
func (n *sourceNote) begin(ctx context.Context, plan BulkPlan, reason string) (refused *Outcome) {
	if n == nil || n.source.Commands == nil {
		return nil
	}
	c := n.source.Commands
	p := performance{Commands: c, plan: Plan{ID: n.id}, reason: reason}
	detail := map[string]any{"target": n.target.ID, "target_name": n.target.Name, "items": plan.names(), "operation_there": plan.ID}
	verdict, err := insist(ctx, func(ctx context.Context) (Verdict, error) {
		return c.Ports.Gate.Begin(ctx, Intent{Signature: p.signature(), Action: "environment.promote_from", Target: n.target.ID, Detail: detail})
	})
	switch {
	case err != nil:
		o := because(plan.ID, Failed, err)
		return &o
	case verdict.Result != "open":
		o := nothing(plan.ID, Refused, "promote.source_refused", "source", n.source.Name, "why", verdict.Reason)
		return &o
	}
	return nil
}

// finish writes down at the source how it ended.
func (n *sourceNote) finish(ctx context.Context, end JournalResult, state BulkProgress) error {
	if n == nil || n.source.Commands == nil {
		return nil
	}
	c := n.source.Commands
	_, err := insist(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, c.Ports.Gate.Finish(ctx, n.id, end, map[string]any{"counts": state.Counts, "stopped": state.Stopped})
	})
	return err
}
