package archive

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Known tells what the answers of Ports(at) stand on.
func (a *Archive) Known(ctx context.Context, at time.Time) (console.Knowledge, error) {
	m := a.moment(at)
	k := console.Knowledge{Terms: console.Basis{Kind: console.Exact}, Jobs: console.Basis{Kind: console.Exact}}
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
		k.Fleet = console.Basis{Kind: console.Sampled, Looked: &basis.Looked}
	case anything:
		k.Fleet = console.Basis{Kind: console.Inferred, Looked: &inferred.AsOf}
	default:
		k.Fleet = console.Basis{Kind: console.Unknown}
	}
	if m.past {
		_, basis, err = sample.JobsAt(ctx, a.db, m.at)
		switch {
		case err != nil:
			return k, a.explain(err)
		case basis.Known:
			k.Jobs = console.Basis{Kind: console.Sampled, Looked: &basis.Looked}
		case m.absent("audit"):
			k.Jobs = console.Basis{Kind: console.Unknown}
		default: // the audit knows what operators changed, not what others did
			k.Jobs = console.Basis{Kind: console.Inferred}
		}
	}
	switch {
	case !m.absent("term"):
	case m.facts.Rows["epoch"] > 0:
		k.Terms.Kind = console.Inferred
	default:
		k.Terms.Kind = console.Unknown
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
