package gate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LeastKept is for how long operations have to be kept: a console that asks again after a lost answer does so within
// seconds, and a week leaves room for whoever looks into something.
const LeastKept = 7 * 24 * time.Hour

// prunedAtOnce is how many operations one transaction deletes, so that it holds nobody up.
const prunedAtOnce = 5000

// PruneOperations deletes what the gate keeps of operations that ended longer ago, and tells how many. The audit has all of
// them for good; what goes is the answer to the same call once more. Operations that are open stay.
func PruneOperations(ctx context.Context, conn *pgx.Conn, keep time.Duration) (pruned int64, err error) {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return 0, err
	}
	if keep < LeastKept {
		return 0, scheduler.Errorf(scheduler.Invalid, "gate.keep_short", "operations are kept for %d days at least", int(LeastKept.Hours()/24))
	}
	n := o.names(state.Database)
	statement := render("prune", n)
	for {
		tag, err := conn.Exec(ctx, statement, keep, prunedAtOnce)
		if err != nil {
			return pruned, fmt.Errorf("delete old operations: %w", err)
		}
		if pruned += tag.RowsAffected(); tag.RowsAffected() < prunedAtOnce {
			break
		}
	}
	if pruned == 0 {
		return 0, nil
	}
	_, err = conn.Exec(ctx, "insert into "+n.AuditTable+" (actor, action, target, payload_json, created_at) "+
		"values ('', 'operation.prune', '', jsonb_build_object('login', session_user, 'detail', "+
		"jsonb_build_object('operations', $1::bigint, 'kept_days', $2::int)), clock_timestamp())", pruned, int(keep.Hours()/24))
	return pruned, err
}
