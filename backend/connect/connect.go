// Package connect opens an environment: it puts the adapters of one profile together into a console.
package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

// Connection is an open environment.
type Connection struct {
	Console *console.Console

	closers []func()
}

// Open connects to PostgreSQL and Redis and reads the certificates for calling workers. Workers themselves are dialled
// when they are asked. The error says which part failed; what was open by then is closed again.
func Open(ctx context.Context, p profile.Profile, now func() time.Time, log *slog.Logger) (*Connection, error) {
	c := &Connection{}
	ok := false
	defer func() {
		if !ok {
			c.Close()
		}
	}()
	database, err := postgres.Open(ctx, p.PostgresURL, log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, database.Close)
	fleet, err := redisstore.Open(ctx, p.RedisURL, now, log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, fleet.Close)
	workers, err := c.openWorkers(p.Workers, now)
	if err != nil {
		return nil, err
	}
	c.Console = console.New(console.Ports{
		Runs: database, Stats: database, Jobs: database, Windows: database, Logs: database, Identity: database, Fleet: fleet, Workers: workers,
	}, now, log)
	ok = true
	return c, nil
}

func (c *Connection) openWorkers(config profile.WorkerTLS, now func() time.Time) (console.WorkerCalls, error) {
	if config.CertFile == "" && !config.Plaintext {
		return workerrpc.NoCalls{}, nil
	}
	workers, err := workerrpc.New(workerrpc.Config(config), now)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, workers.Close)
	return workers, nil
}

// Close ends every connection, the last opened first. Calling it again does nothing.
func (c *Connection) Close() {
	for len(c.closers) > 0 {
		last := len(c.closers) - 1
		c.closers[last]()
		c.closers = c.closers[:last]
	}
}
