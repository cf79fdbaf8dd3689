package tunnel

import "time"

const (
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
)

// patience spaces out attempts that fail, each pause twice as long as the one before. Whoever asks during a pause gets the last
// failure again. A refusal waits longest at once: repeating it would lock the account out.
type patience struct {
	pause time.Duration
	until time.Time
	err   error
}

// blocked gives the failure that still counts; nil when the next attempt may be made.
func (p *patience) blocked(now time.Time) error {
	if now.Before(p.until) {
		return p.err
	}
	return nil
}

func (p *patience) failed(now time.Time, err error, refused bool) {
	switch {
	case refused:
		p.pause = lastPause
	case p.pause == 0:
		p.pause = firstPause
	default:
		p.pause = min(2*p.pause, lastPause)
	}
	p.until, p.err = now.Add(p.pause), err
}

func (p *patience) succeeded() { *p = patience{} }
