//go:build !bindings

package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// watched is what a watcher looks at in an environment.
func watched(c *connect.Connection) *watch.Source {
	return &watch.Source{Fleet: c.Fleet, Runs: c.Watch}
}

// recording keeps samples of an environment while it is open and somebody can see the window. Where another program does so
// already its samples are as good.
func recording(environment string, c *connect.Connection, log *slog.Logger) (path string, run func(ctx context.Context, visible func() bool)) {
	path, err := record.PathOf(environment)
	if err != nil {
		log.Warn("nothing is recorded of this environment", "environment", environment, "error", err)
		return "", nil
	}
	return path, func(ctx context.Context, visible func() bool) {
		host, _ := os.Hostname() // "" is as good a note as any
		r, err := record.Open(ctx, record.Options{Path: path, Origin: "window on " + host, Log: log, Watching: visible})
		if scheduler.CodeOf(err) == scheduler.Conflict {
			return
		}
		if err == nil {
			err = r.Run(ctx, record.Source{Fleet: c.Fleet, Jobs: c.Jobs})
			defer r.Close()
		}
		if err != nil {
			log.WarnContext(ctx, "recording ended", "environment", environment, "error", err)
		}
	}
}
