//go:build !bindings

package main

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// openStore opens the operator's profiles. A window whose folder can't be used opens without them, and says why in its log.
func openStore() (*profile.Store, error) {
	dir, err := profile.DefaultDir()
	if err != nil {
		return nil, err
	}
	return profile.OpenStore(dir)
}

// OpenProfile connects to the environment of a profile. Its steps are what the screens name while it goes on.
func (o opener) OpenProfile(ctx context.Context, req desktop.OpenRequest, progress func(desktop.Progress)) (*desktop.Environment, error) {
	if o.store == nil {
		return nil, scheduler.Errorf(scheduler.NotFound, "profile.not_found", "There is no profile %q.", req.ID).With("profile", req.ID)
	}
	p, _, err := o.store.Get(req.ID)
	if err != nil {
		return nil, err
	}
	progress(desktop.Progress{Step: "secrets"})
	known, err := secretKeeper{secrets.New(o.store)}.Open(ctx, p, req.Typed)
	if err != nil {
		return nil, err
	}
	progress(desktop.Progress{Step: "servers"})
	local, err := o.store.Local(p.ID)
	if err != nil {
		return nil, err
	}
	connection, err := connect.Open(ctx, p, known, time.Now, o.options.Log, connect.Expect(local.SystemIdentifier))
	if err != nil {
		return nil, err
	}
	if err := o.store.Remember(p.ID, func(l *profile.Local) {
		l.LastOpened = time.Now()
		if connection.Server != "" {
			l.SystemIdentifier = connection.Server
		}
	}); err != nil {
		o.options.Log.WarnContext(ctx, "remembering when a profile was opened", "profile", p.ID, "error", err)
	}
	policy := operations.PolicyOf(string(p.Kind))
	samples, keep := recording(p.ID, connection, o.options.Log)
	return &desktop.Environment{
		ID: p.ID, Name: p.Name, Kind: string(p.Kind), Color: string(p.Color), Console: connection.Console, Commands: connection.Commands,
		Policy: policy, Idle: policy.Idle(time.Duration(p.IdleMinutes) * time.Minute), Replica: replicaOf(connection), Watch: watched(connection), Record: keep, Exporter: newExporter(connection, p, samples, o.options.Version),
		Close: func() error { connection.Close(); return nil },
	}, nil
}

// replicaOf tells how an environment's read replica is.
func replicaOf(c *connect.Connection) func() *desktop.ReplicaFacts {
	return func() *desktop.ReplicaFacts {
		r := c.Replica()
		if r == nil {
			return nil
		}
		return &desktop.ReplicaFacts{Address: r.Address, Used: r.Used, Lag: r.Lag, Problem: r.Problem}
	}
}
