package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// configFile writes a configuration file that only its owner may read.
func configFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "node.toml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestNodeReadsItsConfigurationFile(t *testing.T) {
	t.Parallel()
	unreachable := "postgres-url = \"postgres://u:hunter2@127.0.0.1:1/d?connect_timeout=1\"\nredis-url = \"redis://127.0.0.1:1\"\n"
	template := "command-template = [\"true\", \"{command}\"]\n"
	tests := []struct {
		name, file string
		args       []string
		reason     string
	}{
		{"all that a node needs", unreachable + template + "grpc-port-start = 0\nstop-grace = \"3s\"\nexit-with-stdin = true\n", nil, "postgres.unreachable"},
		{"a flag wins", unreachable + template + "log-format = \"xml\"\n", []string{"--log-format", "json"}, "postgres.unreachable"},
		{"what no flag overrides counts", unreachable + template + "log-format = \"xml\"\n", nil, "node.bad_log_format"},
		{"a key that is none", template + "colour = 1\n", nil, "node.bad_config"},
		{"a file within a file", "config = \"other\"\n", nil, "node.bad_config"},
		{"a value of the wrong type", "stop-grace = \"soon\"\n", nil, "node.bad_config"},
		{"a table", "[grpc]\nhost = \"x\"\n", nil, "node.bad_config"},
		{"no TOML", "host: x", nil, "node.bad_config"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, log, err := opsctl(t, nil, append([]string{"node", "--config", configFile(t, tt.file)}, tt.args...)...)
			if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != tt.reason {
				t.Errorf("got %v, want %s", err, tt.reason)
			}
			if strings.Contains(log, "hunter2") || err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the password is shown")
			}
		})
	}
}

func TestConfigurationWithPasswordsMustBePrivate(t *testing.T) {
	t.Parallel()
	file := configFile(t, "postgres-url = \"postgres://u:p@h/d\"\n")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, err := opsctl(t, nil, "node", "--config", file)
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "node.config_is_public" {
		t.Errorf("got %v", err)
	}
}

func TestEnvironmentWinsOverTheFile(t *testing.T) {
	t.Setenv("OPSDECK_NODE_LOG_FORMAT", "yaml")
	_, _, err := opsctl(t, nil, "node", "--config", configFile(t, "log-format = \"json\"\n"))
	if err == nil || !strings.Contains(err.Error(), "yaml") {
		t.Errorf("got %v", err)
	}
	t.Setenv("OPSDECK_NODE_STOP_GRACE", "soon")
	_, _, err = opsctl(t, nil, "node")
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "node.bad_environment" {
		t.Errorf("got %v", err)
	}
}

func TestHelpListsTheSettings(t *testing.T) {
	t.Parallel()
	out, _, err := opsctl(t, nil, "node", "--help")
	for _, part := range []string{"--metrics-addr", "SCHEDULER_REBALANCE_ASSIGNED_COOLDOWN_SECONDS", "--config"} {
		if err != nil || !strings.Contains(out, part) {
			t.Errorf("the help misses %s (error %v)", part, err)
		}
	}
}
