package postgres

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

// effort is how far a filtered list is walked, in runs.
type effort struct {
	glance   int64         // before another way is considered
	farthest int64         // whatever the planner says
	patience time.Duration // of a search stretch by stretch; see search
}

// usualEffort is about a millisecond, and about a quarter of a second.
var usualEffort = effort{glance: 5000, farthest: 1_000_000, patience: searchPatience}

// walkedRunCost is what looking at one more run on the list costs, in the planner's unit as gathering plans spend it
// (measured with 10 million runs in memory: 0.2 microseconds a run, 0.5 a unit).
const walkedRunCost = 0.4

// findPage finds a page in one of three ways, since no single one is right for all filters and the planner can't know
// how matches are spread over time: it expects a worker that left two months ago at the top of the list too.
//
//   - ordered: an optional index holds the matches in the list's order. Read it.
//   - gather: find every match by the best index there is, and sort them. Right for few matches.
//   - walk: look at one run after the other from the cursor on. Right for frequent matches; most fill a page at a glance.
//
// Where few matches are expected, they are gathered. Otherwise, after a glance that did not fill the page, walking goes on
// for as long as gathering is expected to take, and then matches are gathered: so a page never takes much more than twice
// the better way. Walking on is left out where an index can gather and the glance saw no match.
func (e effort) findPage(ctx context.Context, conn *pgx.Conn, filter console.RunFilter, cursor console.Cursor, page int) ([]runRow, error) {
	list := sql.older
	if cursor.Newer {
		list = sql.newer
	}
	known, args := factsOf(conn), pageArgs(filter, cursor, page)
	if known.orders(filter) {
		return collect[runRow](ctx, conn, list.ordered, args)
	}
	if onlyByTime(filter) {
		return walk(ctx, conn, list, args, math.MaxInt64) // everything on the way matches
	}
	gathering, err := planOf(ctx, conn, list.gatherPlan, placeArgs(filter, cursor))
	if err != nil {
		return nil, err
	}
	// In a time range, few matches may have been expected from reading the whole range, where a walk can stop.
	if filter.CreatedFrom == nil && e.expectsFew(gathering) {
		return collect[runRow](ctx, conn, list.gather, args)
	}
	rows, err := walk(ctx, conn, list, args, e.glance)
	if err != nil || len(rows) == page {
		return rows, err
	}
	if len(rows) > 0 || !known.finds(filter) {
		worth := int64(gathering.Cost / walkedRunCost)
		rows, err := walk(ctx, conn, list, args, min(worth, e.farthest))
		if err != nil || len(rows) == page {
			return rows, err
		}
	}
	return collect[runRow](ctx, conn, list.gather, args)
}

// expectsFew tells whether gathering is expected to meet fewer runs than a glance does, and to find them without reading
// much else. A run found by index costs a few times one on the way.
func (e effort) expectsFew(gathering plan) bool {
	return gathering.Rows <= float64(e.glance) && gathering.Cost <= 4*walkedRunCost*float64(e.glance)
}

// walk looks at no more runs than about, until a page is full.
func walk(ctx context.Context, conn *pgx.Conn, list listStatements, args pgx.StrictNamedArgs, about int64) ([]runRow, error) {
	args["walk"] = about
	defer delete(args, "walk")
	return collect[runRow](ctx, conn, list.walk, args)
}

// plan is what EXPLAIN says of a statement's outermost step.
type plan struct {
	Cost float64 `json:"Total Cost"`
	Rows float64 `json:"Plan Rows"`
}

func planOf(ctx context.Context, conn *pgx.Conn, explain string, args pgx.StrictNamedArgs) (plan, error) {
	var text []byte
	if err := conn.QueryRow(ctx, explain, args).Scan(&text); err != nil {
		return plan{}, err
	}
	var plans [1]struct{ Plan plan }
	err := json.Unmarshal(text, &plans)
	return plans[0].Plan, err
}

// onlyByTime tells whether filter asks for nothing but a time range.
func onlyByTime(f console.RunFilter) bool {
	return len(f.States) == 0 && f.JobID == 0 && f.WorkerID == "" && f.Epoch == nil && f.MinDuration == 0 &&
		f.MaxDuration == 0 && f.MinAttempt == 0 && f.LaterThan == 0 && f.ErrorText == ""
}
