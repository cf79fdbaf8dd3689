package redisstore

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// callTimeout is one command's or pipeline's, lookTimeout a whole look's at the cluster.
	callTimeout = 3 * time.Second
	lookTimeout = 6 * time.Second
	// perPipeline is how many workers one pipeline asks about: more would keep Redis from serving others meanwhile.
	perPipeline = 500
)

// Store reads one cluster's keys. It is safe for concurrent use.
type Store struct {
	client  redis.UniversalClient
	address string // what errors name
	now     func() time.Time

	mu    sync.Mutex
	nodes []string // ids of the nodes seen last, whose SubLeader locks the next look reads along
	sweep sweep
}

var _ console.FleetStore = (*Store)(nil)

// Open connects to the Redis at url and takes a first look. The caller closes the Store.
func Open(ctx context.Context, url string, now func() time.Time, log *slog.Logger) (*Store, error) {
	options, err := redis.ParseURL(url)
	if err != nil { // the cause may quote the URL with its password
		return nil, scheduler.Errorf(scheduler.Invalid, "redis.bad_url",
			"The address of Redis can't be read. It looks like redis://user@host:6379/0, or rediss:// for TLS.")
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = callTimeout, callTimeout, callTimeout
	options.ContextTimeoutEnabled = true
	options.MaxRetries = 1
	options.PoolSize = 4
	options.DisableIdentity = true // a viewer's ACL need not allow CLIENT
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	s := New(redis.NewClient(options), options.Addr, now)
	if _, err := s.Fleet(ctx); err != nil {
		s.Close()
		return nil, err
	}
	log.InfoContext(ctx, "connected to Redis", "address", s.address)
	return s, nil
}

// New makes a Store over a client, which it closes; address is what errors name.
func New(client redis.UniversalClient, address string, now func() time.Time) *Store {
	return &Store{client: client, address: address, now: now}
}

// Close ends all connections. Calling it again does nothing.
func (s *Store) Close() { _ = s.client.Close() } // the only error is that it is closed already

// Fleet takes one look: a pipeline for the leadership and the set of workers, then one for each 500 workers. Workers
// that are not in the set are found as sweep says.
func (s *Store) Fleet(ctx context.Context) (scheduler.Fleet, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	fleet, err := s.look(ctx)
	if err != nil {
		return scheduler.Fleet{}, s.explain(err)
	}
	return fleet, nil
}

func (s *Store) look(ctx context.Context) (scheduler.Fleet, error) {
	now := s.now()
	leaders, registered, err := s.leadership(ctx, s.knownNodes())
	if err != nil {
		return scheduler.Fleet{}, err
	}
	ids := registered
	unregistered, err := s.unregistered(ctx, now, registered, leaders.holders())
	if err != nil {
		return scheduler.Fleet{}, err
	}
	ids = append(ids, unregistered...)

	var records []record
	for some := range slices.Chunk(ids, perPipeline) {
		read, err := s.records(ctx, some)
		if err != nil {
			return scheduler.Fleet{}, err
		}
		records = append(records, read...)
	}
	if err := s.remember(ctx, &leaders, records); err != nil {
		return scheduler.Fleet{}, err
	}
	workers := workersOf(records, leaders)
	slices.SortFunc(workers, func(a, b scheduler.Worker) int {
		if order := strings.Compare(a.NodeID, b.NodeID); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return scheduler.Fleet{Leadership: leaders.leadership(), Workers: workers, AsOf: now}, nil
}
