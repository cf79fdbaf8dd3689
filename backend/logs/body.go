package logs

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// body is what a server sends: it gives up when nothing comes for a while, and names the server in its failures.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
	host   string
	stall  *time.Timer
	once   sync.Once
}

func newBody(from io.ReadCloser, cancel context.CancelFunc, host string) *body {
	return &body{ReadCloser: from, cancel: cancel, host: host, stall: time.AfterFunc(stallTimeout, cancel)}
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.stall.Reset(stallTimeout)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = scheduler.Errorf(scheduler.Unavailable, "log.broke_off", "The connection to %s broke off in the middle of the log.", b.host).
			With("host", b.host).Because(err)
	case err != nil && !errors.Is(err, io.EOF):
		err = unreachable(b.host, err)
	}
	return n, err
}

func (b *body) Close() error {
	b.once.Do(func() {
		b.stall.Stop()
		b.cancel()
		_ = b.ReadCloser.Close() // it was canceled, and says so
	})
	return nil
}
