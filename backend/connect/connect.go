// Package connect opens an environment: it puts the adapters of one profile together into a console.
package connect

import (
	"context"
	"log/slog"
	"os"
	"os/user"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/tunnel"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

// Connection is an open environment.
type Connection struct {
	Console *console.Console
	// Commands are what the operator may do; nil where the database has no gate, so that there is no way to write.
	Commands *operations.Commands
	// Server is PostgreSQL's system identifier: who keeps it and hands it to Expect notices another server under the same
	// address. "" = the login may not ask for it.
	Server string
	// History is what an export reads. Samples are not the servers' to give.
	History history.Source
	// Statements is how many statements PostgreSQL has been sent.
	Statements func() int64
	// Fleet and Jobs are what a recorder looks at.
	Fleet console.FleetStore
	Jobs  console.JobStore
	// Watch is what a watcher looks at, beside the fleet.
	Watch console.WatchStore

	way     *tunnel.Dialer
	reads   *postgres.Store
	closers []func()
}

// Option changes how an environment is opened.
type Option func(*postgres.Config)

// Expect refuses to open an environment whose PostgreSQL is another server than it was, with postgres.ReasonSwapped.
func Expect(server string) Option { return func(c *postgres.Config) { c.Server = server } }

// Open connects to PostgreSQL and Redis, all by the way that the profile says, and reads the certificates for calling workers.
// Workers themselves are dialled when they are asked, as is a read replica. The error says which part failed; what was open by then is
// closed again.
func Open(ctx context.Context, p profile.Profile, secrets profile.Secrets, now func() time.Time, log *slog.Logger, options ...Option) (*Connection, error) {
	c := &Connection{}
	ok := false
	defer func() {
		if !ok {
			c.Close()
		}
	}()
	way, err := tunnel.New(Way(p.Reach, secrets), now, log)
	if err != nil {
		return nil, err
	}
	c.way, c.closers = way, append(c.closers, way.Close)
	database, err := c.openDatabase(ctx, Database(p, secrets, way), options, log)
	if err != nil {
		return nil, err
	}
	c.Statements = c.reads.Statements
	fleet, err := redisstore.Connect(ctx, Redis(p, secrets, way), now, log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, fleet.Close)
	workers, err := c.openWorkers(p, secrets, way, now)
	if err != nil {
		return nil, err
	}
	files, err := c.openLogs(p, secrets.S3SecretKey, way)
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
		Runs: c.reads, Stats: c.reads, Jobs: c.reads, Windows: c.reads, Logs: c.reads, Identity: database, Fleet: fleet, Workers: workers,
		LogFiles: files, Settings: c.reads, Audit: c.reads, Events: c.reads, Failures: c.reads,
	}, now, log)
	c.History, c.Fleet, c.Jobs, c.Watch = historyOf(database), fleet, c.reads, c.reads
	ok = true
	return c, nil
}

func historyOf(database *postgres.Store) history.Source {
	h := database.History()
	return history.Source{Cluster: h, Runs: h, Details: h, Trail: h}
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

// openDatabase connects to the primary, and makes ready to ask a replica in its place.
func (c *Connection) openDatabase(ctx context.Context, config postgres.Config, options []Option, log *slog.Logger) (*postgres.Store, error) {
	for _, change := range options {
		change(&config)
	}
	database, err := postgres.Connect(ctx, config, log)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, database.Close)
	c.Server, c.reads = database.Server(), database
	if len(config.Profile.Replicas) > 0 {
		if c.reads, err = database.WithReplica(ctx, config); err != nil {
			return nil, err
		}
		c.closers = append(c.closers, c.reads.CloseReplica)
	}
	return database, nil
}

// Replica tells how the read replica is; nil where there is none.
func (c *Connection) Replica() *postgres.Replica { return c.reads.Replica() }

func (c *Connection) openWorkers(p profile.Profile, secrets profile.Secrets, way *tunnel.Dialer, now func() time.Time) (workerCalls, error) {
	if p.Workers.Mode != profile.Plaintext && p.Workers.Mode != profile.MutualTLS {
		return workerrpc.NoCalls{}, nil
	}
	workers, err := workerrpc.New(Workers(p, secrets, way), now)
	if err != nil {
		return nil, err
	}
	c.closers = append(c.closers, workers.Close)
	return workers, nil
}

// farewell is how long servers may take to see connections off. A driver would wait far longer for one that has gone silent.
const farewell = time.Second

// Close ends every connection, the last opened first. Calling it again does nothing.
func (c *Connection) Close() {
	if c.way != nil {
		cut := time.AfterFunc(farewell, c.way.Close)
		defer cut.Stop()
	}
	for len(c.closers) > 0 {
		last := len(c.closers) - 1
		c.closers[last]()
		c.closers = c.closers[:last]
	}
}
