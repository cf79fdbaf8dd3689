package desktop

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// findingEvent tells the page what a test of a profile found. Events may come out of order: Seq counts them.
const findingEvent = "opsdeck:finding"

// examineTime bounds one test: every step has a shorter deadline of its own.
const examineTime = 3 * time.Minute

// FindingEvent is one finding of a test, or its end.
type FindingEvent struct {
	Token string     `json:"token"`
	Seq   int        `json:"seq"` // from 1
	Name  string     `json:"name"`
	State string     `json:"state"` // ok, warning, failed or skipped
	Error *WireError `json:"error,omitempty"`
	Over  bool       `json:"over"` // this is the end, and no finding
}

// tests are the tests that go on, and what the last one of each profile found.
type tests struct {
	mu    sync.Mutex
	stop  map[string]context.CancelFunc
	found map[string]Examined // by the profile's id
}

// StartTest begins to try out a profile as the editor has it, saved or not, and returns at once; the event opsdeck:finding
// tells each finding. Nothing is written.
func (p *Profiles) StartTest(req ProfileRequest) (TokenRequest, error) {
	return alone(p, "Profiles.StartTest", func(context.Context) (TokenRequest, error) {
		s := p.session
		typed, err := parseSecrets(req.Secrets)
		if err != nil {
			return TokenRequest{}, err
		}
		if s.config.Doctor == nil {
			return TokenRequest{}, scheduler.Errorf(scheduler.Unavailable, "profile.no_doctor", "This window can't try profiles out.")
		}
		wanted := req.Profile
		if wanted.ID == "" {
			wanted.ID = p.store().FreeID(wanted.Name)
		}
		wanted = wanted.Normal()
		if err := wanted.Validate(); err != nil {
			return TokenRequest{}, err
		}
		token := rand.Text()
		ctx, stop := context.WithTimeout(context.Background(), examineTime)
		s.tests.add(token, stop)
		s.watchers.Go(func() {
			defer stop()
			defer s.tests.end(token)
			p.examine(ctx, token, wanted, typed)
		})
		return TokenRequest{Token: token}, nil
	})
}

// StopTest ends a test.
func (p *Profiles) StopTest(req TokenRequest) { p.session.tests.end(req.Token) }

func (p *Profiles) examine(ctx context.Context, token string, wanted profile.Profile, typed SecretInput) {
	p.session.tests.begin(wanted)
	seq := 0
	tell := func(e FindingEvent) {
		seq++
		e.Token, e.Seq = token, seq
		p.session.config.Emit(findingEvent, e)
	}
	defer func() { tell(FindingEvent{Over: true}) }()
	found := func(f PartFound) {
		p.session.tests.note(wanted.ID, f)
		tell(FindingEvent{Name: f.Name, State: f.State, Error: wireOptional(f.Err)})
	}
	secrets, err := p.secrets().Open(ctx, wanted, typed)
	switch {
	case err == nil:
		found(PartFound{Name: "secrets", State: "ok"})
	case typed.Empty():
		found(PartFound{Name: "secrets", State: "failed", Err: err})
		return
	default: // such as after a change of servers: what was typed is for the new ones
		found(PartFound{Name: "secrets", State: "warning", Err: err})
		secrets = typed.Set
	}
	p.session.config.Doctor.Examine(ctx, profile.Access{Profile: wanted, Secrets: secrets}, found)
}

func (t *tests) add(token string, stop context.CancelFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stop == nil {
		t.stop = map[string]context.CancelFunc{}
	}
	t.stop[token] = stop
}

// endAll stops every test.
func (t *tests) endAll() {
	t.mu.Lock()
	stop := t.stop
	t.stop = nil
	t.mu.Unlock()
	for _, one := range stop {
		one()
	}
}

// end stops a test, if it goes on.
func (t *tests) end(token string) {
	t.mu.Lock()
	stop := t.stop[token]
	delete(t.stop, token)
	t.mu.Unlock()
	if stop != nil {
		stop()
	}
}
