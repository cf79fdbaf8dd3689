package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// BulkKind is what is done to many runs.
type BulkKind string

// The kinds of bulk operations.
const (
	BulkCancel   BulkKind = "cancel"
	BulkReassign BulkKind = "reassign"
	BulkRerun    BulkKind = "rerun"
)

const (
	// MaxBulk is how many runs one bulk operation takes at most.
	MaxBulk = 1000
	// manyRuns is where a bulk operation becomes dangerous enough for its number to be typed.
	manyRuns = 20
)

// Selection is which runs a bulk operation is about: those listed, or else those that match a filter.
type Selection struct {
	IDs    []scheduler.RunID
	Filter console.RunFilter
}

// BulkPlan is a bulk operation over parts that were frozen when it was previewed: what matches later is not touched.
type BulkPlan struct {
	ID OperationID
	Preview
	items  []bulkItem
	hash   string
	detail map[string]any // for the audit, beside number and hash
	source *sourceNote    // of a promotion
	claim  *claim
}

// bulkItem is one part as it was selected.
type bulkItem struct {
	name      string
	run       scheduler.RunID // 0 = it is about no run
	operation operation
	seen      basis // what it rests on
}

// Size is how many runs it would act on.
func (p BulkPlan) Size() int { return len(p.items) }

// PlanBulk freezes a selection and previews an operation over the runs of it that allow it.
func (c *Commands) PlanBulk(ctx context.Context, kind BulkKind, selection Selection) (BulkPlan, error) {
	switch kind {
	case BulkCancel, BulkReassign, BulkRerun:
	default:
		return BulkPlan{}, scheduler.Errorf(scheduler.Invalid, "bulk.unknown_kind", "There is no bulk operation %q.", kind)
	}
	if err := c.allowed(); err != nil {
		return BulkPlan{}, err
	}
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return BulkPlan{}, err
	}
	runs, more, err := c.selected(ctx, selection)
	if err != nil {
		return BulkPlan{}, err
	}
	plan := BulkPlan{ID: NewID(), claim: &claim{by: c}}
	left := map[string][]string{}
	var eligible []string
	for _, run := range runs {
		if why := ineligible(kind, fleet, run); why != "" {
			left[why] = append(left[why], runNames([]scheduler.Run{run})...)
			continue
		}
		plan.items = append(plan.items, bulkItem{
			name: runText(run.ID), run: run.ID, operation: kind.operation(run.ID), seen: basis{"run": runVersion(run)},
		})
		eligible = append(eligible, runNames([]scheduler.Run{run})...)
	}
	if len(plan.items) == 0 {
		return BulkPlan{}, conflict("bulk.nothing", "None of the %d chosen runs allows this.", len(runs)).With("n", strconv.Itoa(len(runs)))
	}
	if err := c.Policy.allows(len(plan.items)); err != nil {
		return BulkPlan{}, err
	}
	plan.hash, plan.detail = plan.digest(), map[string]any{"runs": plan.runs()}
	plan.Preview = Preview{
		Action: "bulk." + string(kind), Target: plan.hash[:16], Tier: Confirm, Epoch: fleet.Leadership.Epoch, AsOf: c.Now(),
		Touches: []Touch{touch("bulk_eligible", eligible...)}, Notes: []Note{info("bulk_frozen"), info("bulk_paced")},
	}
	for _, why := range []string{"bulk_left_over", "bulk_left_open", "bulk_left_pending", "bulk_left_living", "bulk_left_lost"} {
		if names := left[why]; len(names) > 0 {
			plan.Touches = append(plan.Touches, Touch{Key: why, Count: len(names), Names: names[:min(len(names), maxNames)]})
		}
	}
	if more {
		plan.Notes = append(plan.Notes, warning("bulk_more", "max", strconv.Itoa(MaxBulk)))
	}
	if len(plan.items) > manyRuns {
		plan.Tier = Dangerous
	}
	plan.TypedName = c.Policy.typed(plan.Preview, strconv.Itoa(len(plan.items)))
	return plan, nil
}

// selected reads the runs of a selection, newest first, and tells whether there are more than a bulk operation takes.
func (c *Commands) selected(ctx context.Context, s Selection) (runs []scheduler.Run, more bool, err error) {
	if len(s.IDs) > MaxBulk {
		return nil, false, scheduler.Errorf(scheduler.Invalid, "bulk.too_many", "Choose at most %d runs.", MaxBulk).With("max", strconv.Itoa(MaxBulk))
	}
	if s.IDs != nil {
		for _, id := range s.IDs {
			run, err := c.Ports.Runs.Run(ctx, id)
			if err != nil {
				return nil, false, err
			}
			runs = append(runs, run)
		}
		return runs, false, nil
	}
	if err := s.Filter.Check(); err != nil {
		return nil, false, err
	}
	for cursor := (console.Cursor{}); ; {
		page, follows, err := c.Ports.Runs.ListRuns(ctx, s.Filter, cursor, console.MaxPageSize)
		if err != nil {
			return nil, false, err
		}
		runs = append(runs, page...)
		if !follows || len(runs) >= MaxBulk {
			return runs[:min(len(runs), MaxBulk)], follows, nil
		}
		cursor = console.Older(page[len(page)-1])
	}
}

// ineligible is the key of why a run is left out; "" if it isn't. What is dangerous is done run by run, with its own
// preview.
func ineligible(kind BulkKind, fleet scheduler.Fleet, run scheduler.Run) string {
	_, lives := holder(fleet, run)
	running := run.State == scheduler.Running
	switch {
	case kind == BulkRerun && !run.State.Final():
		return "bulk_left_open"
	case kind == BulkRerun:
		return ""
	case run.State.Final():
		return "bulk_left_over"
	case running && !lives:
		return "bulk_left_lost"
	case kind == BulkReassign && running:
		return "bulk_left_living"
	case kind == BulkReassign && run.State == scheduler.Pending:
		return "bulk_left_pending"
	}
	return ""
}

func runVersion(run scheduler.Run) string { return string(run.State) + " " + strconv.Itoa(run.Version) }

// digest names exactly these parts in exactly these states.
func (p BulkPlan) digest() string {
	sum := sha256.New()
	for _, item := range p.items {
		fmt.Fprintf(sum, "%s", item.name)
		for _, name := range slices.Sorted(maps.Keys(item.seen)) {
			fmt.Fprintf(sum, " %s", item.seen[name])
		}
		fmt.Fprintln(sum)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (k BulkKind) operation(run scheduler.RunID) operation {
	switch k {
	case BulkCancel:
		return cancelRun{run}
	case BulkReassign:
		return reassignRun{run}
	}
	return rerunRun{run}
}
