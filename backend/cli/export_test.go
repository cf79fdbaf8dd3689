package cli_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestAnExportTakesWhatWasRecordedOfItsProfile(t *testing.T) {
	folder, url, cache := t.TempDir(), servertest.Database(t), servertest.Redis(t)
	t.Setenv("OPSDECK_CONFIG_DIR", filepath.Join(folder, "config"))
	t.Setenv("XDG_DATA_HOME", filepath.Join(folder, "data"))
	t.Setenv("OPSDECK_PASSPHRASE", "a passphrase of the test's")
	t.Setenv("OPSDECK_PASSPHRASE_FILE", file(t, "a passphrase of the test's\n"))
	keepProfile(t, filepath.Join(folder, "config"), url, cache)
	client := servertest.RedisClient(t, cache)
	for _, command := range [][]any{
		{"sadd", "scheduler:workers:set", "w-1"}, {"set", "scheduler:worker:w-1:heartbeat", time.Now().Unix(), "px", 60_000},
		{"hset", "scheduler:worker:w-1:info", "worker_id", "w-1", "node_id", "node-a", "grpc_host", "10.0.0.1", "grpc_port", "50051"},
	} {
		if err := client.Do(t.Context(), command...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	samplesIn := func(name string) int64 {
		t.Helper()
		path := filepath.Join(folder, name)
		if _, told, err := opsctl(t, nil, "export", "--profile", "nightly", path); err != nil {
			t.Fatalf("%v %s", err, told)
		}
		a, err := archive.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		return a.Facts().Rows["sample"]
	}
	if n := samplesIn("before.opsdeck"); n != 0 {
		t.Errorf("nothing was recorded, and yet there are %d samples", n)
	}
	recordOnce(t, "--profile", "nightly")
	if n := samplesIn("after.opsdeck"); n == 0 {
		t.Error("the samples were left behind")
	}
}

func keepProfile(t *testing.T, folder, url, cache string) {
	t.Helper()
	store, err := profile.OpenStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	p := profile.Profile{
		ID: "nightly", Name: "Nightly", Kind: profile.Staging, Workers: profile.Workers{Mode: profile.NoCalls}, SecretsFrom: profile.SecretsFrom{Kind: profile.FromPassphrase},
	}
	var own profile.Secrets
	if p.Postgres, own.PostgresPassword, err = profile.ParsePostgresURL(url); err != nil {
		t.Fatal(err)
	}
	if p.Redis, own.RedisPassword, err = profile.ParseRedisURL(cache); err != nil {
		t.Fatal(err)
	}
	if _, err := secrets.New(store).Save(t.Context(), p, "", secrets.Change{Set: own, Passphrase: "a passphrase of the test's"}); err != nil {
		t.Fatal(err)
	}
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

func TestAnExportTakesTheSamplesOfAFile(t *testing.T) {
	t.Parallel()
	folder, url, cache := t.TempDir(), file(t, servertest.Database(t)), servertest.Redis(t)
	if err := servertest.RedisClient(t, cache).Do(t.Context(), "sadd", "scheduler:workers:set", "w-1").Err(); err != nil {
		t.Fatal(err)
	}
	samples, path := filepath.Join(folder, "cluster.samples"), filepath.Join(folder, "a.opsdeck")
	if _, _, err := opsctl(t, nil, "export", "--postgres-url-file", url, "--samples", samples, path); err == nil {
		t.Error("a file that isn't there was taken")
	}
	recordOnce(t, "--file", samples, "--postgres-url-file", url, "--redis-url-file", file(t, cache))
	if _, told, err := opsctl(t, nil, "export", "--postgres-url-file", url, "--samples", samples, path); err != nil {
		t.Fatalf("%v %s", err, told)
	}
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if a.Facts().Rows["sample"] == 0 {
		t.Error("the samples were left behind")
	}
}
