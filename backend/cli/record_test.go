package cli_test

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// signal closes when a text was written.
type signal struct {
	text string
	seen bytes.Buffer
	done chan struct{}
}

func (s *signal) Write(p []byte) (int, error) {
	before := strings.Contains(s.seen.String(), s.text)
	s.seen.Write(p)
	if !before && strings.Contains(s.seen.String(), s.text) {
		close(s.done)
	}
	return len(p), nil
}

// recordOnce records until samples are taken.
func recordOnce(t *testing.T, args ...string) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	recording := &signal{text: "msg=recording", done: make(chan struct{})}
	root := cli.NewOpsctl("test")
	root.SetArgs(append([]string{"record"}, args...))
	root.SetOut(io.Discard)
	root.SetErr(recording)
	ended := make(chan error, 1)
	go func() { ended <- root.ExecuteContext(ctx) }()
	select {
	case <-recording.done:
	case err := <-ended:
		t.Fatalf("it ended at once: %v", err)
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// addWorker puts a worker into a Redis, to be recorded.
func addWorker(t *testing.T, cache string) {
	t.Helper()
	client := servertest.RedisClient(t, cache)
	for _, command := range [][]any{
		{"sadd", "scheduler:workers:set", "w-1"}, {"set", "scheduler:worker:w-1:heartbeat", time.Now().Unix(), "px", 60_000},
		{"hset", "scheduler:worker:w-1:info", "worker_id", "w-1", "node_id", "node-a", "grpc_host", "10.0.0.1", "grpc_port", "50051"},
	} {
		if err := client.Do(t.Context(), command...).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClusterIsRecordedUntilInterrupted(t *testing.T) {
	t.Parallel()
	cache, path := servertest.Redis(t), filepath.Join(t.TempDir(), "cluster.samples")
	addWorker(t, cache)
	recordOnce(t, "--file", path, "--postgres-url-file", file(t, servertest.Database(t)), "--redis-url-file", file(t, cache))
	db, err := record.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	fleet, basis, err := sample.FleetAt(t.Context(), db, time.Now())
	if err != nil || !basis.Known || len(fleet.Workers) != 1 || fleet.Workers[0].NodeID != "node-a" {
		t.Errorf("%+v, %+v, %v", fleet, basis, err)
	}
	if _, basis, err := sample.JobsAt(t.Context(), db, time.Now()); err != nil || !basis.Known {
		t.Errorf("the definitions were not looked at: %+v, %v", basis, err)
	}
}

func TestARecorderSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--name":            {"record"},
		"an address":        {"record", "--file", filepath.Join(t.TempDir(), "x")},
		"can't be read":     {"record", "--file", filepath.Join(t.TempDir(), "x"), "--postgres-url-file", "/nowhere"},
		"text or json":      {"record", "--log-format", "xml"},
		"name of an enviro": {"record", "--name", "..."},
	} {
		if _, _, err := opsctl(t, nil, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
