// Package connect opens an environment: it puts the adapters of one profile together into a console.
package connect

import (
	"context"
	"log/slog"
	"os"
	"os/user"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

// Connection is an open environment.
type Connection struct {
	Console *console.Console
	// Commands are what the operator may do; nil where the database has no gate, so that there is no way to write.
	Commands *operations.Commands

	closers []func()
}

// Open connects to PostgreSQL and Redis and reads the certificates for calling workers. Workers themselves are dialled
// when they are asked. The error says which part failed; what was open by then is closed again.
func Open(ctx context.Context, p profile.Profile, secrets profile.Secrets, now func() time.Time, log *slog.Logger) (*Connection, error) {
	c := &Connection{}
	ok := false
	defer func() {
		if !ok {
			c.Close()
		}
	}()
	database, err := postgres.Open(ctx, p.Postgres.URL(secrets.PostgresPassword), log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, database.Close)
	fleet, err := redisstore.Open(ctx, p.Redis.URL(secrets.RedisPassword), now, log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, fleet.Close)
	workers, err := c.openWorkers(p.Workers, secrets.WorkerKey, now)
	if err != nil {
		return nil, err
	}
	if gate := database.Gate(); gate != nil {
		c.Commands = operations.New(operations.Config{
			Ports: operations.Ports{
				Gate: gate, Records: gate, Identity: database, Runs: database, Stats: database, Jobs: database, Fleet: fleet,
				Flags: fleet.Flags(), Workers: workers, Orders: workers,
			},
			Policy: operations.PolicyOf(string(p.Kind)), Origin: origin(), Now: now, Log: log,
		})
	}
	c.Console = console.New(console.Ports{
		Runs: database, Stats: database, Jobs: database, Windows: database, Logs: database, Identity: database, Fleet: fleet, Workers: workers,
		Settings: database, Audit: database, Events: database, Failures: database,
	}, now, log)
	ok = true
	return c, nil
}

// workerCalls are a worker's answers and the orders that it takes.
type workerCalls interface {
	console.WorkerCalls
	operations.Orders
}

// origin is what the audit notes of this program beside who the database says is calling.
func origin() operations.Origin {
	o := operations.Origin{Program: "opsdeck"}
	o.Host, _ = os.Hostname() // "" is as good a note as any
	if account, err := user.Current(); err == nil {
		o.OSUser = account.Username
	}
	return o
}

func (c *Connection) openWorkers(w profile.Workers, key profile.Secret, now func() time.Time) (workerCalls, error) {
	if w.Mode != profile.Plaintext && w.Mode != profile.MutualTLS {
		return workerrpc.NoCalls{}, nil
	}
	workers, err := workerrpc.New(workerrpc.Config{
		Certificate: w.Certificate, Key: key.Reveal(), Trust: w.Trust, Plaintext: w.Mode == profile.Plaintext,
	}, now)
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
