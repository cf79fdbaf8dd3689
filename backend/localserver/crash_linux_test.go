package localserver_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/localserver"
)

func TestServersDieWithAKilledProcessAndStartAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	holder := exec.Command(self, "hold", dir) // it is to be killed, not canceled
	holder.Stderr = os.Stderr
	stdin, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var postgres, redis int
	if _, err := fmt.Sscan(line, &postgres, &redis); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	startPostgres(t, filepath.Join(dir, "postgres"))
	startRedis(t, filepath.Join(dir, "redis"))
	for _, pid := range []int{postgres, redis} {
		if alive(pid) {
			t.Errorf("process %d outlived its holder", pid)
		}
	}
}

// A server can outlive its process where the kernel sends no death signal. Here one is started beside the package.
func TestServersThatOutlivedTheirProcessAreEnded(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	pgDir, redisDir := filepath.Join(dir, "postgres"), filepath.Join(dir, "redis")
	p, r := startPostgres(t, pgDir), startRedis(t, redisDir)
	pgProgram, redisProgram := program(t, p.PID()), program(t, r.PID())
	info, err := os.Stat(filepath.Join(pgDir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	stop(t, p)
	stop(t, r)

	socket := filepath.Join(pgDir, "run")
	if err := os.Mkdir(socket, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if err := os.Chown(socket, int(owner.Uid), int(owner.Gid)); err != nil {
		t.Fatal(err)
	}
	orphanPG := background(t, owner, pgProgram, "-D", filepath.Join(pgDir, "data"), "-c", "listen_addresses=", "-k", socket)
	expect.Soon(t, "the pid file", func() bool { _, err := os.Stat(filepath.Join(pgDir, "data", "postmaster.pid")); return err == nil })
	if err := os.MkdirAll(filepath.Join(redisDir, "run"), 0o700); err != nil {
		t.Fatal(err)
	}
	orphanRedis := background(t, nil, redisProgram, filepath.Join(redisDir, "redis.conf"))
	expect.Soon(t, "the pid file", func() bool { _, err := os.Stat(filepath.Join(redisDir, "redis.pid")); return err == nil })

	query[int](t, startPostgres(t, pgDir).URL("postgres"), "select 1")
	if err := client(t, startRedis(t, redisDir).URL(0)).Ping(t.Context()).Err(); err != nil {
		t.Error(err)
	}
	for what, done := range map[string]<-chan struct{}{"PostgreSQL": orphanPG, "Redis": orphanRedis} {
		select {
		case <-done:
		default:
			t.Errorf("the old %s still runs", what)
		}
	}
}

func TestAStrangersPidIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	pgDir, redisDir := filepath.Join(dir, "postgres"), filepath.Join(dir, "redis")
	stop(t, startPostgres(t, pgDir))
	stop(t, startRedis(t, redisDir))
	stranger := exec.Command("sleep", "600")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Process.Kill(); _ = stranger.Wait() }()
	pid := strconv.Itoa(stranger.Process.Pid)
	overwrite(t, filepath.Join(pgDir, "data", "postmaster.pid"), pid+"\n"+filepath.Join(pgDir, "data")+"\n")
	overwrite(t, filepath.Join(redisDir, "redis.pid"), pid+"\n")
	startPostgres(t, pgDir)
	startRedis(t, redisDir)
	if !alive(stranger.Process.Pid) {
		t.Error("a stranger was ended")
	}
}

func TestFullDiskIsToldApart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=6m,mode=0711"); errors.Is(err, unix.EPERM) {
		t.Skip("only root may mount a small disk; the words of a full disk are tested for everybody")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	_, err := localserver.StartPostgres(t.Context(), postgresConfig(filepath.Join(dir, "postgres")))
	expect.Reason(t, err, localserver.ReasonDiskFull)
	_, err = localserver.StartRedis(t.Context(), redisConfig(filepath.Join(dir, "redis")))
	expect.Reason(t, err, localserver.ReasonDiskFull)
}

func TestClosedFolderIsToldApart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	mode := os.FileMode(0o500) // its owner can't make anything in it
	if os.Getuid() == 0 {
		mode = 0o700 // the system user can't pass
	}
	if err := os.Chmod(dir, mode); err != nil {
		t.Fatal(err)
	}
	_, err := localserver.StartPostgres(t.Context(), postgresConfig(filepath.Join(dir, "postgres")))
	expect.Reason(t, err, localserver.ReasonUnreadable)
}

// background starts a program that nobody asks to end, and returns what is closed when it has.
func background(t *testing.T, owner *syscall.Stat_t, argv ...string) <-chan struct{} {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...) // it is to be found and ended by the package
	cmd.Dir = "/"
	if filepath.Base(argv[0]) != "postgres" {
		cmd.Args[0] = "redis-server" // Debian has one program for all of Redis, which goes by its name
	}
	if owner != nil {
		cmd.Dir = filepath.Dir(argv[2])
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-done })
	return done
}

func program(t *testing.T, pid int) string {
	t.Helper()
	path, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/exe")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// alive tells whether a process runs; a zombie does not.
func alive(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return err == nil && len(b) > 0
}
