package localserver

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// home is what a private server lives in and is: a folder that one process at a time holds, a socket's folder, a
// password, a log, and the server's process once it was started.
type home struct {
	name        string // the server's, in sentences
	dir, socket string // folders
	password    string
	log         *child.Log
	lock        *Lock
	process     *child.Process
	stop        sync.Once
	stopped     error
}

// tenant is the server that a home is for.
type tenant struct {
	name    string
	socket  string                                      // the socket's name in its folder
	account *child.Account                              // whom the server runs as; nil = whoever runs this process
	end     func(ctx context.Context, dir string) error // ends what a crashed run left
}

// openHome makes the folder if it is missing and takes hold of it. The caller releases it.
func openHome(ctx context.Context, dir string, t tenant) (_ *home, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	mode := os.FileMode(0o700)
	if t.account != nil {
		mode = 0o711 // the system user has to pass through it
	}
	if err := makeFolder(dir, mode, nil); err != nil {
		return nil, err
	}
	lock, err := AcquireLock(filepath.Join(dir, "owner.lock"), dir)
	if err != nil {
		return nil, err
	}
	h := &home{name: t.name, dir: dir, lock: lock}
	defer func() {
		if err != nil {
			h.release()
		}
	}()
	if h.socket, err = socketFolder(dir, t.socket); err != nil {
		return nil, err
	}
	if err := t.end(ctx, dir); err != nil {
		return nil, err
	}
	if err := makeSocketFolder(h.socket, dir, t.account); err != nil {
		return nil, err
	}
	if h.password, err = passwordIn(dir); err != nil {
		return nil, err
	}
	if h.log, err = child.OpenLog(filepath.Join(dir, "server.log"), serverLogLimit); err != nil {
		return nil, FolderError(dir, err)
	}
	return h, nil
}

// PID is the server's process id.
func (h *home) PID() int { return h.process.PID() }

// Done is closed when the server has ended, asked or not.
func (h *home) Done() <-chan struct{} { return h.process.Done() }

// end stops the server once, however often it is asked to, and gives the folder back.
func (h *home) end(stop func() error) error {
	h.stop.Do(func() {
		h.stopped = stop()
		h.release()
	})
	return h.stopped
}

func (h *home) release() {
	if h.log != nil {
		_ = h.log.Close()
	}
	if h.socket != "" {
		_ = os.Remove(h.socket) // only if empty, as it is after an orderly end
	}
	h.lock.Release()
}

// notYet is an answer that may be another one in a moment.
type notYet struct{ error }

// await asks until the server answers, gives a final error, ends or has had its time; 0 = a minute. existing says whether
// it started on data that were there before.
func (h *home) await(ctx context.Context, timeout time.Duration, existing bool, ask func(context.Context) error) error {
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ask(ctx)
		wait, ok := errors.AsType[notYet](err)
		if !ok {
			return err
		}
		select {
		case <-h.process.Done():
			return explain(h.name, h.dir, h.log.Tail(), existing)
		case <-ctx.Done():
			return scheduler.Errorf(scheduler.Unavailable, ReasonNotReady,
				"%s in %s started but did not answer in time; its log is in that folder", h.name, h.dir).
				With("server", h.name).With("dir", h.dir).Because(wait.error)
		case <-tick.C:
		}
	}
}
