package sandbox_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/sandbox"
	"github.com/opsdeck/opsdeck/backend/sandbox/demojob"
)

// TestMain lets the test program be what a sandbox starts: a node, the shim between a node and its run, a job, and a
// process of its own that holds a sandbox, for being killed.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-") {
		goleak.VerifyTestMain(m)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	switch os.Args[1] {
	case "node":
		err := runNode(ctx, os.Args[2:])
		fmt.Fprintln(os.Stderr, "node ends:", err)
		os.Exit(exitCode(err))
	case "run-shim":
		os.Exit(node.RunShim(os.Args[2:]))
	case "sandbox-job":
		os.Exit(demojob.Run(ctx, os.Args[2], nil, os.Stdout, os.Stderr))
	case "hold-sandbox":
		os.Exit(exitCode(holdSandbox(ctx, os.Args[2])))
	}
	stop()
	fmt.Fprintln(os.Stderr, "no such part:", os.Args[1])
	os.Exit(2)
}

func exitCode(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// runNode takes the flags that `opsctl node` takes.
func runNode(ctx context.Context, args []string) error {
	var c node.Config
	var postgresFile, redisFile, template string
	var exitWithStdin bool
	flags := flag.NewFlagSet("node", flag.ContinueOnError)
	flags.StringVar(&c.ID, "id", "", "")
	flags.StringVar(&c.NodeID, "node-id", "", "")
	flags.StringVar(&c.GRPCHost, "grpc-host", "", "")
	flags.IntVar(&c.GRPCPortStart, "grpc-port-start", 0, "")
	flags.IntVar(&c.GRPCPortEnd, "grpc-port-end", 0, "")
	flags.StringVar(&c.TLSCert, "tls-cert", "", "")
	flags.StringVar(&c.TLSKey, "tls-key", "", "")
	flags.StringVar(&c.TLSCA, "tls-ca", "", "")
	flags.DurationVar(&c.StopGrace, "stop-grace", 0, "")
	flags.StringVar(&template, "command-template", "", "")
	flags.StringVar(&postgresFile, "postgres-url-file", "", "")
	flags.StringVar(&redisFile, "redis-url-file", "", "")
	flags.BoolVar(&exitWithStdin, "exit-with-stdin", false, "")
	flags.String("log-format", "json", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(template), &c.CommandTemplate); err != nil {
		return err
	}
	for file, to := range map[string]*string{postgresFile: &c.PostgresURL, redisFile: &c.RedisURL} {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		*to = strings.TrimSpace(string(b))
	}
	c.Log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	n, err := node.New(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if exitWithStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	return n.Run(ctx)
}

// holdSandbox runs a sandbox until this process is killed.
func holdSandbox(ctx context.Context, dir string) error {
	s, err := sandbox.Start(ctx, config(dir))
	if err != nil {
		fmt.Println("failed:", err)
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	return s.Stop()
}

// config is a small sandbox of this test program's nodes and jobs.
func config(dir string) sandbox.Config {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return sandbox.Config{
		Dir: dir, NodeCommand: []string{self, "node"}, JobCommand: []string{self, "sandbox-job", "{command}"},
		HistoryRuns: 1500, PortStart: 51000, PortEnd: 51999,
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}
}
