package servertest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver"
)

// databases is how many tests of one process may use Redis at the same time.
const databases = 256

type redisServer struct {
	server *localserver.Redis
	free   chan int
}

// Redis lends the test an empty logical database and returns its URL, as redis.ParseURL reads it. Key names and SCAN
// are the test's own; channels of PUBLISH are not, Redis shares them among databases.
func Redis(t testing.TB) string {
	t.Helper()
	s := redisFor(t)
	var db int
	select {
	case db = <-s.free:
	case <-t.Context().Done():
		t.Fatalf("more than %d tests use Redis at the same time", databases)
	}
	databaseURL := s.server.URL(db)
	t.Cleanup(func() {
		client := redis.NewClient(parse(t, databaseURL))
		defer client.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := client.FlushDB(ctx).Err(); err != nil {
			t.Errorf("empty the Redis database: %v", err)
			return
		}
		s.free <- db
	})
	return databaseURL
}

// RedisClient opens a client that closes when the test ends.
func RedisClient(t testing.TB, databaseURL string) *redis.Client {
	t.Helper()
	client := redis.NewClient(parse(t, databaseURL))
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func parse(t testing.TB, databaseURL string) *redis.Options {
	t.Helper()
	options, err := redis.ParseURL(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

func redisFor(t testing.TB) *redisServer {
	t.Helper()
	servers.Lock()
	defer servers.Unlock()
	if servers.redis != nil {
		return servers.redis
	}
	dir, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server, err := localserver.StartRedis(ctx, localserver.RedisConfig{
		Dir: filepath.Join(dir, "redis"), Databases: databases, Logger: quiet(),
	})
	if err != nil {
		t.Fatalf("this test needs Redis: %v", err)
	}
	servers.redis = &redisServer{server: server, free: make(chan int, databases)}
	for db := range databases {
		servers.redis.free <- db
	}
	return servers.redis
}
