package servertest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
)

// S3Server is a real S3 server with one bucket in a folder: versitygw, which checks signatures and digests as the
// services do. It lies in a module of its own, s3gateway, so that its dependencies are not the program's.
type S3Server struct {
	t       testing.TB
	Address string // host:port, plain HTTP
	Dir     string // where objects are files
	process *child.Process
	log     *child.Log
}

// What every S3Server knows.
const (
	S3AccessKey = "test-access"
	S3SecretKey = "test-secret-key"
	S3Bucket    = "logs"
	S3Region    = "ap-northeast-1"
	// S3VirtualHost is the host below which S3Server also takes a bucket's name from a request's host, as the first provider's
	// does.
	S3VirtualHost = "s3.dualstack." + S3Region + ".amazonaws.com"
)

// S3 makes a server with an empty bucket, and starts it. It stops when the test ends.
func S3(t testing.TB) *S3Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &S3Server{t: t, Address: listener.Addr().String(), Dir: t.TempDir()}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.Dir, S3Bucket), 0o750); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// Start starts a stopped server with what it had.
func (s *S3Server) Start() {
	s.t.Helper()
	log, err := child.OpenLog(filepath.Join(s.t.TempDir(), "s3.log"), 1<<20)
	if err != nil {
		s.t.Fatal(err)
	}
	s.process, err = child.Start(child.Config{
		Argv: []string{s3Program(s.t), "--port", s.Address, "--access", S3AccessKey, "--secret", S3SecretKey,
			"--region", S3Region, "--virtual-domain", S3VirtualHost, "posix", "--sidecar", s.t.TempDir(), s.Dir},
		Output: log, DeathSignal: syscall.SIGKILL,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.log = log
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		if response, err := http.Get("http://" + s.Address); err == nil { //nolint:noctx // the loop is bounded
			_ = response.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the S3 server does not start: %s", log.Tail())
		}
	}
}

// Stop ends the server; its objects stay.
func (s *S3Server) Stop() {
	if s.process == nil {
		return
	}
	if err := s.process.Stop(context.Background(), syscall.SIGTERM, 5*time.Second); err != nil {
		s.t.Error(err)
	}
	_ = s.log.Close()
	s.process = nil
}

// s3Program builds the server, which takes a minute the first time: after that Go's cache has it.
func s3Program(t testing.TB) string {
	t.Helper()
	root, err := osexec.CommandContext(t.Context(), "go", "env", "GOMOD").Output() //nolint:gosec // the compiler that runs this test
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(strings.TrimSpace(string(root))), "backend", "servertest", "s3gateway")
	build := osexec.CommandContext(t.Context(), "go", "tool", "-n", "versitygw") //nolint:gosec // the compiler that runs this test
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=") // flags of another build would miss the cache
	var problems strings.Builder
	build.Stderr = &problems
	path, err := build.Output()
	if err != nil {
		t.Fatal(fmt.Errorf("this test needs an S3 server, which Go builds from its module proxy: %w\n%s", err, &problems))
	}
	return strings.TrimSpace(string(path))
}
