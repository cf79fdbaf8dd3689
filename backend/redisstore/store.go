package redisstore

import (
	"context"
	"crypto/tls"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/patience"
	"github.com/opsdeck/opsdeck/backend/profile"
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
	client redis.UniversalClient
	orders redis.UniversalClient // for what changes something: it tries once, so that its error tells what became of it
	// redirected tells that orders may be repeated all the same, as a Cluster's client does.
	redirected bool
	address    string // what errors name
	own        []tls.Certificate
	backoff    patience.Patience
	now        func() time.Time

	mu    sync.Mutex
	nodes []string // ids of the nodes seen last, whose SubLeader locks the next look reads along
	sweep sweep
}

var _ console.FleetStore = (*Store)(nil)

// Open connects straight to the single Redis at url. See Connect.
func Open(ctx context.Context, url string, now func() time.Time, log *slog.Logger) (*Store, error) {
	p, password, err := profile.ParseRedisURL(url)
	if err != nil {
		return nil, err
	}
	return Connect(ctx, Config{Profile: p, Password: password}, now, log)
}

// Connect connects to a cluster's Redis and takes a first look. The caller closes the Store.
func Connect(ctx context.Context, c Config, now func() time.Time, log *slog.Logger) (*Store, error) {
	s, err := newStore(c, now)
	if err != nil {
		return nil, err
	}
	if _, err := s.Fleet(ctx); err != nil {
		s.Close()
		return nil, err
	}
	log.InfoContext(ctx, "connected to Redis", "address", s.address, "mode", string(c.Profile.Mode))
	return s, nil
}

// newStore makes a Store that has dialled nothing yet.
func newStore(c Config, now func() time.Time) (*Store, error) {
	if len(c.Profile.Addresses) == 0 {
		return nil, scheduler.Errorf(scheduler.Invalid, "redis.no_address", "The profile has no address of Redis.")
	}
	dial, own, err := c.dialer()
	if err != nil {
		return nil, err
	}
	return &Store{
		client: c.client(dial, tryTwice), orders: c.client(dial, tryOnce), redirected: c.Profile.Mode == profile.Cluster,
		address: strings.Join(c.Profile.Addresses, ","), own: own, now: now,
	}, nil
}

// Close ends all connections. Calling it again does nothing.
func (s *Store) Close() {
	_ = s.client.Close() // the only error is that it is closed already
	_ = s.orders.Close()
}

// Fleet takes one look: a pipeline for the leadership and the set of workers, then one for each 500 workers. Workers
// that are not in the set are found as sweep says.
func (s *Store) Fleet(ctx context.Context) (scheduler.Fleet, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if err := s.backoff.Blocked(); err != nil {
		return scheduler.Fleet{}, err
	}
	fleet, err := s.look(ctx)
	if err != nil {
		return scheduler.Fleet{}, s.failed(ctx, err)
	}
	s.backoff.Succeeded()
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
