package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// DefaultDir is the folder that a user's sandbox lives in: OPSDECK_SANDBOX_DIR, or a place that the system keeps for a
// program's data. For root it is one that the system user who then runs PostgreSQL can reach.
func DefaultDir() string {
	if dir := os.Getenv("OPSDECK_SANDBOX_DIR"); dir != "" {
		return dir
	}
	if os.Getuid() == 0 {
		return "/var/lib/opsdeck/sandbox"
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "opsdeck", "sandbox")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "opsdeck-sandbox")
	}
	return filepath.Join(home, ".local", "share", "opsdeck", "sandbox")
}

// layout is a sandbox's folder: where everything in it lies.
type layout string

func (l layout) in(name string) string { return filepath.Join(string(l), name) }
func (l layout) marker() string        { return l.in("opsdeck-sandbox.json") }
func (l layout) lock() string          { return l.in("sandbox.lock") }
func (l layout) connection() string    { return l.in("connection.json") }
func (l layout) postgres() string      { return l.in("postgres") }
func (l layout) redis() string         { return l.in("redis") }
func (l layout) certs() string         { return l.in("tls") }
func (l layout) nodes() string         { return l.in("nodes") }
func (l layout) programs() string      { return l.in("programs") }

// Reasons why a folder can't be a sandbox's.
const (
	ReasonForeignFolder = "sandbox.foreign_folder"
	ReasonRunning       = "sandbox.running"
	ReasonFailed        = "sandbox.failed"
)

// prepare makes the folder and marks it as ours. A folder that holds something else is refused: Reset removes folders.
func (l layout) prepare() error {
	mode := os.FileMode(0o700)
	if os.Getuid() == 0 {
		mode = 0o711 // root's PostgreSQL runs as a system user, who has to pass
	}
	if err := os.MkdirAll(string(l), mode); err != nil {
		return l.explain(err)
	}
	if l.marked() {
		return nil
	}
	entries, err := os.ReadDir(string(l))
	if err != nil {
		return l.explain(err)
	}
	if len(entries) > 0 {
		return l.foreign()
	}
	mark, err := json.Marshal(map[string]any{"program": "opsdeck sandbox", "version": 1})
	if err != nil {
		return err
	}
	return l.explain(os.WriteFile(l.marker(), mark, 0o600))
}

func (l layout) marked() bool {
	info, err := os.Lstat(l.marker())
	return err == nil && info.Mode().IsRegular()
}

func (l layout) foreign() error {
	return scheduler.Errorf(scheduler.Invalid, ReasonForeignFolder,
		"%s holds files that are not a sandbox's: choose another folder", string(l)).With("dir", string(l))
}

// explain turns a file error into a sentence about the folder; nil stays nil.
func (l layout) explain(err error) error {
	if err == nil {
		return nil
	}
	return localserver.FolderError(string(l), err)
}

// Reset deletes a sandbox with all its data, so that the next start begins anew. A sandbox that runs, and a folder that
// is not a sandbox's, stay as they are. No folder is fine.
func Reset(dir string) error {
	l := layout(dir)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return l.explain(err)
	}
	if !l.marked() {
		return l.foreign()
	}
	lock, err := localserver.AcquireLock(l.lock(), dir)
	if err != nil {
		return scheduler.Errorf(scheduler.Conflict, ReasonRunning,
			"the sandbox in %s is running: stop it first (close its window, or Ctrl+C), then reset it", dir).
			With("dir", dir).Because(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := l.endLeftovers(ctx); err != nil {
		return err
	}
	if entries, err = os.ReadDir(dir); err != nil { // again: the lock is among them
		return l.explain(err)
	}
	// The marker goes last: a reset that was cut short can be repeated.
	for _, e := range entries {
		if e.Name() == filepath.Base(l.marker()) {
			continue
		}
		if err := os.RemoveAll(l.in(e.Name())); err != nil {
			return l.explain(err)
		}
	}
	if err := os.Remove(l.marker()); err != nil {
		return l.explain(err)
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, syscall.EBUSY) { // a mount point has to stay
		return l.explain(err)
	}
	return nil
}

// endLeftovers ends every process that a killed sandbox may have left in the folder.
func (l layout) endLeftovers(ctx context.Context) error {
	if err := l.endLeftoverNodes(ctx); err != nil {
		return err
	}
	return errors.Join(localserver.EndPostgres(ctx, l.postgres()), localserver.EndRedis(ctx, l.redis()))
}

// endLeftoverNodes ends nodes that outlived their sandbox, as they only can where the kernel does not do it.
func (l layout) endLeftoverNodes(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(l.nodes(), "*.pid"))
	if err != nil {
		return err
	}
	for _, f := range files {
		node := child.Leftover{PIDFile: f, Marks: []string{l.nodes()}, Ask: os.Kill, Patience: 5 * time.Second}
		if _, err := node.End(ctx); err != nil {
			return l.explain(err)
		}
	}
	return nil
}
