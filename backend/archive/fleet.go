package archive

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// BasisKind tells how an answer about a moment came about.
type BasisKind string

// The kinds, from the best to the worst.
const (
	Exact    BasisKind = "exact"    // it was written down when it happened
	Sampled  BasisKind = "sampled"  // somebody looked shortly before
	Inferred BasisKind = "inferred" // from what happened before or after
	Unknown  BasisKind = "unknown"
)

// Basis is what an answer about a moment stands on.
type Basis struct {
	Kind   BasisKind
	Looked *time.Time // when that was seen which the answer shows
}

// Known is what the answers about a moment stand on. Runs are always known exactly, but for what orphaning has erased.
type Known struct{ Fleet, Jobs, Terms Basis }

// Known tells what the answers of Ports(at) stand on.
func (a *Archive) Known(ctx context.Context, at time.Time) (Known, error) {
	m := a.moment(at)
	k := Known{Terms: Basis{Kind: Exact}, Jobs: Basis{Kind: Exact}}
	_, basis, err := sample.FleetAt(ctx, a.db, m.at)
	if err != nil {
		return k, a.explain(err)
	}
	inferred, anything, err := m.inferredFleet(ctx)
	if err != nil {
		return k, err
	}
	switch {
	case basis.Known:
		k.Fleet = Basis{Sampled, &basis.Looked}
	case anything:
		k.Fleet = Basis{Inferred, &inferred.AsOf}
	default:
		k.Fleet = Basis{Kind: Unknown}
	}
	if m.past {
		_, basis, err = sample.JobsAt(ctx, a.db, m.at)
		switch {
		case err != nil:
			return k, a.explain(err)
		case basis.Known:
			k.Jobs = Basis{Sampled, &basis.Looked}
		case m.absent("audit"):
			k.Jobs = Basis{Kind: Unknown}
		default: // the audit knows what operators changed, not what others did
			k.Jobs = Basis{Kind: Inferred}
		}
	}
	switch {
	case !m.absent("term"):
	case m.facts.Rows["epoch"] > 0:
		k.Terms.Kind = Inferred
	default:
		k.Terms.Kind = Unknown
	}
	return k, nil
}

// Fleet gives the workers and the leadership as somebody saw them shortly before the moment, or else as runs and terms say.
func (m moment) Fleet(ctx context.Context) (scheduler.Fleet, error) {
	fleet, basis, err := sample.FleetAt(ctx, m.db, m.at)
	if err != nil || basis.Known {
		return fleet, m.explain(err)
	}
	fleet, _, err = m.inferredFleet(ctx)
	return fleet, err
}

// inferredFleet knows who led, from the terms; the workers are known by their open runs alone, which the console adds.
func (m moment) inferredFleet(ctx context.Context) (fleet scheduler.Fleet, anything bool, err error) {
	fleet.AsOf = m.at
	terms, _, err := m.Terms(ctx, m.at.Add(-time.Second), m.at.Add(time.Microsecond))
	if err != nil || len(terms) == 0 {
		return fleet, false, err
	}
	newest := terms[len(terms)-1]
	fleet.Leadership = scheduler.Leadership{LeaderID: newest.WorkerID, Epoch: &newest.Epoch}
	return fleet, true, nil
}
