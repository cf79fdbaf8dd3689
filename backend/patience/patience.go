// Package patience spaces out attempts to connect that fail.
package patience

import (
	"sync"
	"time"
)

const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
	// refusedPause follows a refusal. Repeating a wrong password every second would lock the account out.
	refusedPause = 30 * time.Second
)

// Patience lets the first failure pass, and makes a pause after each one that follows it at once, twice as long as the one before.
// Whoever asks during a pause gets the last failure again. The zero value is ready; it is safe for concurrent use.
type Patience struct {
	mu     sync.Mutex
	failed bool
	pause  time.Duration
	until  time.Time
	err    error
}

// Blocked gives the failure that still counts; nil when an attempt may be made.
func (p *Patience) Blocked() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.until) {
		return p.err
	}
	return nil
}

// Failed notes an attempt that failed. refused tells that the other side did not want us.
func (p *Patience) Failed(err error, refused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.until) {
		return // it began before the pause did
	}
	pause := p.pause
	switch {
	case refused:
		pause = refusedPause
	case !p.failed: // an accident perhaps
	case p.pause == 0:
		p.pause = firstPause
		pause = p.pause
	default:
		p.pause = min(2*p.pause, lastPause)
		pause = p.pause
	}
	p.failed, p.until, p.err = true, time.Now().Add(pause), err
}

// Succeeded forgets the failures, as does whoever knows that things have changed.
func (p *Patience) Succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.pause, p.until, p.err = false, 0, time.Time{}, nil
}
