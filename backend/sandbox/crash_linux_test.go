package sandbox_test

import (
	"bufio"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/sandbox"
)

func TestKilledSandboxLeavesNothingInTheWay(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	holder := exec.Command(self, "hold-sandbox", dir) // it is to be killed, not canceled
	holder.Stderr = os.Stderr
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	a, err := sandbox.Attach(dir, sandbox.Viewer)
	if err != nil {
		t.Fatal(err)
	}
	runs := texts(t, postgresURL(a), "select max(id)::text from scheduler_job_runs")[0]
	before := processesOf(t, dir)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()

	s := start(t, config(dir))
	for _, old := range before {
		for _, now := range processesOf(t, dir) {
			if now == old {
				t.Errorf("process %d outlived its sandbox: %s", old.pid, old.line)
			}
		}
	}
	kept := texts(t, postgresURL(s.Access(sandbox.Viewer)), "select count(*)::text from scheduler_job_runs where id = "+runs)[0]
	if kept != "1" {
		t.Error("the killed sandbox's data is gone")
	}
	if leader := redisClient(t, redisURL(s.Access(sandbox.Viewer))).Get(t.Context(), "scheduler:leader:lock").Val(); leader == "" {
		t.Error("nobody leads")
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDeadSandboxIsNotJoined(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	_, err := sandbox.Attach(dir, sandbox.Viewer)
	expect.Reason(t, err, sandbox.ReasonNotRunning)
	for _, left := range []string{"", "{", `{"viewer": {"profile": {"postgres": {"hosts": ["/nowhere:5432"], "user": "u"}}, "secrets": {"postgres_password": "u:p"}}}`} {
		write(t, filepath.Join(dir, "connection.json"), left)
		_, err := sandbox.Attach(dir, sandbox.Viewer)
		expect.Reason(t, err, sandbox.ReasonNotRunning)
		if err != nil && strings.Contains(err.Error(), "u:p") {
			t.Errorf("the password is in %v", err)
		}
	}
}

func TestWhatKeepsASandboxFromStarting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(t *testing.T, c *sandbox.Config)
		reason string
	}{
		"ports are taken": {func(t *testing.T, c *sandbox.Config) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			c.PortStart = l.Addr().(*net.TCPAddr).Port
			c.PortEnd = c.PortStart
		}, sandbox.ReasonPortsTaken},
		"somebody else's folder": {func(t *testing.T, c *sandbox.Config) {
			write(t, filepath.Join(c.Dir, "thesis.txt"), "years of work")
		}, sandbox.ReasonForeignFolder},
		"no Redis": {func(t *testing.T, c *sandbox.Config) {
			c.Search.Folders = []string{"/usr/lib/postgresql/*/bin"}
		}, localserver.ReasonRedisMissing},
		"the node ends at once": {func(_ *testing.T, c *sandbox.Config) {
			c.NodeCommand = []string{"/bin/false"}
			c.HistoryRuns = 1
		}, sandbox.ReasonNodeFailed},
		"the disk is full": {func(t *testing.T, c *sandbox.Config) { smallDisk(t, c.Dir, "20m") }, localserver.ReasonDiskFull},
		"the disk becomes full": {func(t *testing.T, c *sandbox.Config) {
			c.HistoryRuns = sandbox.DefaultHistoryRuns
			smallDisk(t, c.Dir, "170m")
		}, localserver.ReasonDiskFull},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := config(folder(t))
			c.spoil(t, &config)
			_, err := sandbox.Start(t.Context(), config)
			expect.Reason(t, err, c.reason)
			if left := processesOf(t, config.Dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestDamagedFolderStartsOverAfterAReset(t *testing.T) {
	t.Parallel()
	c := config(folder(t))
	c.HistoryRuns = 1
	if err := start(t, c).Stop(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(c.Dir, "postgres", "data", "global", "pg_control"), "garbage")
	_, err := sandbox.Start(t.Context(), c)
	expect.Reason(t, err, localserver.ReasonDamaged)
	if err == nil || !strings.Contains(err.Error(), "opsdeck sandbox reset") {
		t.Errorf("it does not say how to start over: %v", err)
	}
	if err := sandbox.Reset(c.Dir); err != nil {
		t.Fatal(err)
	}
	start(t, c)
}

func TestResetKeepsOffOtherFolders(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := sandbox.Reset(dir); err != nil {
		t.Errorf("no folder: %v", err)
	}
	file := filepath.Join(dir, "thesis.txt")
	write(t, file, "years of work")
	expect.Reason(t, sandbox.Reset(dir), sandbox.ReasonForeignFolder)
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	// A link inside a sandbox leads out of it: the link goes, what it names stays.
	marked := folder(t)
	write(t, filepath.Join(marked, "opsdeck-sandbox.json"), "{}")
	if err := os.Symlink(dir, filepath.Join(marked, "nodes")); err != nil {
		t.Fatal(err)
	}
	if err := sandbox.Reset(marked); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestDefaultDirCanBeChosen(t *testing.T) {
	t.Setenv("OPSDECK_SANDBOX_DIR", "/chosen")
	if dir := sandbox.DefaultDir(); dir != "/chosen" {
		t.Error(dir)
	}
	t.Setenv("OPSDECK_SANDBOX_DIR", "")
	t.Setenv("XDG_DATA_HOME", "/data")
	want := "/data/opsdeck/sandbox"
	if os.Getuid() == 0 {
		want = "/var/lib/opsdeck/sandbox"
	}
	if dir := sandbox.DefaultDir(); dir != want {
		t.Error(dir)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil { // root's PostgreSQL has to pass
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// smallDisk puts a disk of a size at dir.
func smallDisk(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o711); err != nil { // root's PostgreSQL has to pass
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=0711,size="+size); errors.Is(err, unix.EPERM) {
		t.Skip("only root may mount a small disk")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}
