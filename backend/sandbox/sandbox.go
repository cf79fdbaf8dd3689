package sandbox

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/sandbox/certs"
)

// DefaultHistoryRuns is a month of the sandbox's jobs.
const DefaultHistoryRuns = 120_000

// Config says where the sandbox lives and what it runs.
type Config struct {
	Dir string // see DefaultDir

	NodeCommand []string // argv that runs a node; the sandbox adds its flags
	JobCommand  []string // argv that runs a job; "{command}" stands for its command name
	Nodes       []string // node ids, one entry a process; nil = five processes on three nodes

	HistoryRuns        int // runs of a new sandbox's past, about; 0 = none
	PortStart, PortEnd int // where nodes may listen on loopback; 0 = 50051 to 50150, as schedulers do

	RestartAfter time.Duration // how long a dead node stays away; 0 = 20 s, long enough to see the others take over
	EventEvery   time.Duration // how often an event arrives, about; 0 = 45 s

	Search   localserver.Search // zero = PATH and the usual places, then a download into the folder
	Log      *slog.Logger       // nil = none
	Progress func(Progress)     // may be nil
	Now      func() time.Time   // nil = time.Now
}

// Progress is how far a start is. Step is one of the Step constants, which the screens translate.
type Progress struct {
	Step        string
	Done, Total int64 // both 0 where a step can't be counted
}

// The steps of a start.
const (
	StepServers = "servers" // PostgreSQL and Redis
	StepSchema  = "schema"  // tables, users and logins
	StepHistory = "history" // the made-up past; only the first time
	StepNodes   = "nodes"   // until a leader is elected
	StepReady   = "ready"
)

// Sandbox is a running cluster.
type Sandbox struct {
	config Config
	layout layout
	lock   *localserver.Lock

	postgres *localserver.Postgres
	redis    *localserver.Redis
	logins   logins
	certs    map[string]certs.Pair
	access   map[Role]profile.Access
	nodes    *nodes

	endFeeder context.CancelFunc
	feeder    sync.WaitGroup
	stop      sync.Once
	stopped   error
}

// Start brings the cluster up and returns when it has a leader. ctx bounds the start only. The first start makes the
// folder and its past; later ones go on with what is there.
func Start(ctx context.Context, config Config) (_ *Sandbox, err error) {
	began := time.Now()
	if config.Dir, err = filepath.Abs(config.Dir); err != nil {
		return nil, err
	}
	s := &Sandbox{config: config.complete(), layout: layout(config.Dir)}
	if err := s.layout.prepare(); err != nil {
		return nil, err
	}
	if s.lock, err = localserver.AcquireLock(s.layout.lock(), config.Dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			if down := s.shutDown(context.WithoutCancel(ctx)); down != nil {
				s.config.Log.Error("a sandbox that could not start could not be stopped either", "err", down)
			}
		}
	}()
	if err := s.layout.removeConnection(); err != nil {
		return nil, err
	}
	if err := s.layout.endLeftoverNodes(ctx); err != nil {
		return nil, err
	}
	if err := checkPorts(s.config.PortStart, s.config.PortEnd, len(s.config.Nodes)); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{s.startServers, s.fill, s.startNodes, s.startFeeder} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.letIn(); err != nil {
		return nil, err
	}
	s.progress(Progress{Step: StepReady})
	s.config.Log.Info("sandbox is ready", "dir", config.Dir, "took", time.Since(began).Round(time.Millisecond))
	return s, nil
}

func (c Config) complete() Config {
	if c.Nodes == nil {
		c.Nodes = []string{"node-a", "node-a", "node-b", "node-b", "node-c"}
	}
	if c.PortStart == 0 {
		c.PortStart, c.PortEnd = 50051, 50150
	}
	if c.RestartAfter == 0 {
		c.RestartAfter = 20 * time.Second
	}
	if c.EventEvery == 0 {
		c.EventEvery = 45 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Search.FetchInto == "" {
		c.Search.FetchInto = layout(c.Dir).programs()
	}
	return c
}

func (s *Sandbox) progress(p Progress) {
	if s.config.Progress != nil {
		s.config.Progress(p)
	}
}

// startServers starts both servers at once; certificates are made meanwhile.
func (s *Sandbox) startServers(ctx context.Context) error {
	s.progress(Progress{Step: StepServers})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		s.postgres, err = localserver.StartPostgres(ctx, localserver.PostgresConfig{
			Dir: s.layout.postgres(), Search: s.config.Search, Durable: true, Logger: s.config.Log,
		})
		return err
	})
	group.Go(func() (err error) {
		s.redis, err = localserver.StartRedis(ctx, localserver.RedisConfig{
			Dir: s.layout.redis(), Search: s.config.Search, Durable: true, Logger: s.config.Log,
		})
		return err
	})
	group.Go(func() (err error) {
		s.certs, err = certs.Ensure(s.layout.certs(), s.rights(), s.config.Now())
		return s.layout.explain(err)
	})
	return group.Wait()
}

// rights are the processes that need a certificate, and what each may do.
func (s *Sandbox) rights() map[string]string {
	rights := map[string]string{}
	for _, r := range Roles() {
		rights[r.certificate()] = r.callRight()
	}
	for _, slot := range slots(s.config.Nodes) {
		rights[slot.name] = certs.Node
	}
	return rights
}

// Access is how a console reaches the cluster as somebody.
func (s *Sandbox) Access(as Role) profile.Access { return s.access[as] }

func (s *Sandbox) accessOf(as Role) (a profile.Access, err error) {
	a.Profile = profile.Profile{ID: "sandbox", Name: "Sandbox", Kind: profile.Sandbox, Color: profile.ColorOf(profile.Sandbox)}
	if a.Profile.Postgres, a.Secrets.PostgresPassword, err = profile.ParsePostgresURL(s.logins.operatorURL(s.postgres, as)); err != nil {
		return a, err
	}
	if a.Profile.Redis, a.Secrets.RedisPassword, err = profile.ParseRedisURL(s.logins.operatorRedisURL(s.redis, as)); err != nil {
		return a, err
	}
	console, err := s.certs[as.certificate()].Read()
	a.Profile.Workers = profile.Workers{Mode: profile.MutualTLS, Certificate: console.Cert, Trust: console.CA}
	a.Secrets.WorkerKey = profile.Secret(console.Key)
	a.Profile.Reach.Kind = profile.Direct
	a.Profile.SecretsFrom.Kind = profile.FromOperator
	return a, s.layout.explain(err)
}

// letIn makes known how to reach the cluster, to this process and to others of the same user.
func (s *Sandbox) letIn() error {
	s.access = map[Role]profile.Access{}
	for _, r := range Roles() {
		access, err := s.accessOf(r)
		if err != nil {
			return err
		}
		s.access[r] = access
	}
	return s.layout.writeConnection(s.access)
}

// Stop ends the nodes with what they run, then the servers, and returns when no process is left. It may be called
// again.
func (s *Sandbox) Stop() error {
	s.stop.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		s.stopped = s.shutDown(ctx)
		s.config.Log.Info("sandbox has stopped", "dir", s.config.Dir)
	})
	return s.stopped
}

// shutDown ends whatever has been started so far.
func (s *Sandbox) shutDown(ctx context.Context) error {
	err := s.layout.removeConnection() // nobody shall join a sandbox that is going
	if s.endFeeder != nil {
		s.endFeeder()
		s.feeder.Wait()
	}
	if s.nodes != nil {
		err = errors.Join(err, s.nodes.stop(ctx))
	}
	if s.redis != nil {
		err = errors.Join(err, s.redis.Stop(ctx))
	}
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Stop(ctx))
	}
	s.lock.Release()
	return err
}
