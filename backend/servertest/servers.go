// Package servertest gives tests a real PostgreSQL and Redis: one server of each per test process, started when the
// first test asks, with a database of its own for every test. A machine without them fails the test and says what to
// install.
//
// A package that uses it has
//
//	func TestMain(m *testing.M) { servertest.Main(m) }
package servertest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/localserver"
)

// servers is what a test process has running. It is the one piece of package state: testing offers no other place that
// every test of a process can reach.
var servers struct {
	sync.Mutex
	dir      string
	lock     *localserver.Lock
	postgres *postgresServer
	redis    *redisServer
}

// Main runs the tests, stops what they started and exits.
func Main(m *testing.M) {
	code := m.Run()
	os.Exit(max(code, stop()))
}

// MainWithoutLeaks is Main for packages that own goroutines: one that outlives the tests fails the process.
func MainWithoutLeaks(m *testing.M, options ...goleak.Option) {
	code := m.Run()
	code = max(code, stop())
	if code == 0 {
		if err := goleak.Find(options...); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines outlived the tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

func stop() (code int) {
	servers.Lock()
	defer servers.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	report := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "servertest:", err)
			code = 1
		}
	}
	if servers.postgres != nil {
		report(servers.postgres.server.Stop(ctx))
	}
	if servers.redis != nil {
		report(servers.redis.server.Stop(ctx))
	}
	if servers.dir != "" {
		servers.lock.Release()
		report(os.RemoveAll(servers.dir))
	}
	return code
}

const folderPattern = "opsdeck-servertest-*"

// folder makes the process's folder at its first use. The caller holds the mutex.
func folder() (string, error) {
	if servers.dir != "" {
		return servers.dir, nil
	}
	removeAbandoned()
	dir, err := os.MkdirTemp("", folderPattern)
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // root's PostgreSQL runs as another user
		return "", err
	}
	lock, err := localserver.AcquireLock(filepath.Join(dir, "lock"), dir)
	if err != nil {
		return "", err
	}
	servers.dir, servers.lock = dir, lock
	return dir, nil
}

// removeAbandoned removes the folders of test processes that were killed. A young one may not have its lock yet.
func removeAbandoned() {
	dirs, err := filepath.Glob(filepath.Join(os.TempDir(), folderPattern))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		if lock, err := localserver.AcquireLock(filepath.Join(dir, "lock"), dir); err == nil {
			_ = os.RemoveAll(dir)
			lock.Release()
		}
	}
}

// quiet is for servers whose start is no news. Their own words are in their logs, and in the error when they fail.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
