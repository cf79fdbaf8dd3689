package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// asOpsctl lets the test's own program be opsctl, for what needs a process of its own.
const asOpsctl = "as-opsctl"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asOpsctl {
		root := cli.NewOpsctl("test")
		root.SetArgs(os.Args[2:])
		os.Exit(cli.Run(root))
	}
	servertest.Main(m)
}

func TestNodeRunsUntilStandardInputEnds(t *testing.T) {
	t.Parallel()
	postgres, redis := servertest.Database(t), servertest.Redis(t)
	addresses := []string{"--postgres-url-file", file(t, postgres+"\n"), "--redis-url-file", file(t, redis+"\n")}
	node := append([]string{
		"node", "--id", "w", "--node-id", "host", "--grpc-port-start", "0", "--grpc-port-end", "0",
		"--stop-grace", "1s", "--command-template", `["true","{command}"]`, "--log-format", "json",
	}, addresses...)

	_, _, err := opsctl(t, nil, node...)
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "node.not_migrated" {
		t.Fatalf("before the schema is made: %v", err)
	}
	out, _, err := opsctl(t, nil, "node", "migrate", "--postgres-url-file", addresses[1])
	if err != nil || !strings.Contains(out, "up to date") {
		t.Fatalf("migrate: %q, %v", out, err)
	}

	client := servertest.RedisClient(t, redis)
	input, end := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, log, err := opsctl(t, input, append(node, "--exit-with-stdin")...)
		if err == nil && !strings.HasPrefix(log, "{") {
			err = errors.New("the log is no JSON: " + log)
		}
		ended <- err
	}()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); client.Get(t.Context(), "scheduler:leader:lock").Val() != "w"; <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("the node never led")
		}
	}
	_ = end.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestNodeRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	urls := []string{"--postgres-url-file", file(t, "postgres://u:hunter2@h:x/d"), "--redis-url-file", file(t, "redis://:hunter2@h:x")}
	tests := []struct {
		name   string
		args   []string
		reason string
	}{
		{"no addresses", []string{"--command-template", `["x"]`}, "node.incomplete"},
		{"no template", urls, "node.incomplete"},
		{"a template that is no array", append([]string{"--command-template", "python manage.py"}, urls...), "node.bad_template"},
		{"a missing file", []string{"--postgres-url-file", "/no/such/file"}, "node.no_address_file"},
		{"another log format", []string{"--log-format", "xml"}, "node.bad_log_format"},
		{"a wrong address", append([]string{"--command-template", `["x"]`}, urls...), "postgres.bad_url"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, log, err := opsctl(t, nil, append([]string{"node"}, tt.args...)...)
			if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != tt.reason {
				t.Errorf("got %v, want %s", err, tt.reason)
			}
			if strings.Contains(log, "hunter2") || err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the password is shown")
			}
		})
	}
}

// opsctl runs one command line.
func opsctl(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	root := cli.NewOpsctl("test")
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(&out)
	root.SetErr(&log)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = root.ExecuteContext(ctx)
	return out.String(), log.String(), err
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
