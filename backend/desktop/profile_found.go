package desktop

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Examined is what the last test of a profile has found, for whoever helps.
type Examined struct {
	Profile  string           `json:"profile"`
	At       string           `json:"at"`
	Findings []ExaminedResult `json:"findings"`

	at     time.Time
	tested profile.Profile
	// server is another PostgreSQL than the known one, which the test met; "" = none.
	server, known string
}

// ExaminedResult is one finding, with its sentence in English.
type ExaminedResult struct {
	Name   string `json:"name"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Says   string `json:"says,omitempty"`
}

// maxExamined bounds how many profiles' findings are kept.
const maxExamined = 50

// begin forgets what an earlier test of the profile found.
func (t *tests) begin(tested profile.Profile) {
	id := tested.ID
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found == nil {
		t.found = map[string]Examined{}
	}
	now := time.Now()
	t.found[id] = Examined{Profile: id, At: wireTime(now), Findings: []ExaminedResult{}, at: now, tested: tested}
	for len(t.found) > maxExamined {
		delete(t.found, t.newestFirst()[len(t.found)-1].Profile)
	}
}

func (t *tests) note(id string, f PartFound) {
	t.mu.Lock()
	defer t.mu.Unlock()
	examined, kept := t.found[id]
	if !kept {
		return
	}
	result := ExaminedResult{Name: f.Name, State: f.State}
	if e, is := errors.AsType[*scheduler.Error](f.Err); is {
		result.Reason, result.Says = e.Reason, e.Message
		if e.Reason == reasonSwapped {
			examined.server, examined.known = e.Args["found"], e.Args["known"]
		}
	}
	examined.Findings = append(examined.Findings, result)
	t.found[id] = examined
}

// reasonSwapped is why another PostgreSQL than the known one is refused.
const reasonSwapped = "postgres.swapped"

// report is what the tests have found, newest first.
func (t *tests) report() []Examined {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.newestFirst()
}

func (t *tests) newestFirst() []Examined {
	all := make([]Examined, 0, len(t.found))
	for _, one := range t.found {
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Examined) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.Profile, b.Profile)) })
	return all
}

// AcceptServerRequest is an operator's word that the other PostgreSQL which a test has met is the right one.
type AcceptServerRequest struct {
	ID        string `json:"id"`
	TypedName string `json:"typedName"` // of the profile
}

// AcceptServer makes the PostgreSQL that the last test of a profile has met the one that the profile knows. Which one that is comes from
// the test, never from the page.
func (p *Profiles) AcceptServer(req AcceptServerRequest) error {
	_, err := alone(p, "Profiles.AcceptServer", func(ctx context.Context) (struct{}, error) {
		found, _, err := p.store().Get(req.ID)
		if err != nil {
			return struct{}{}, err
		}
		if req.TypedName != found.Name {
			return struct{}{}, scheduler.Errorf(scheduler.Invalid, "operation.wrong_name", "The name that was typed is not %q.", found.Name).With("name", found.Name)
		}
		met := p.session.tests.met(req.ID)
		// What was tried out may have been changed in the editor and not saved.
		if met.server == "" || !reflect.DeepEqual(met.tested.Postgres, found.Postgres) || met.tested.Reach != found.Reach {
			return struct{}{}, errNothingToAccept()
		}
		err = p.store().Remember(req.ID, func(l *profile.Local) {
			if l.SystemIdentifier == met.known {
				l.SystemIdentifier = met.server
				return
			}
			met.server = ""
		})
		if err == nil && met.server == "" { // it was accepted meanwhile, or another was
			err = errNothingToAccept()
		}
		if err != nil {
			return struct{}{}, err
		}
		p.session.tests.begin(found)
		p.session.config.Log.WarnContext(ctx, "another PostgreSQL server was accepted for a profile", "profile", req.ID, "known", met.known, "now", met.server)
		return struct{}{}, nil
	})
	return err
}

func (t *tests) met(id string) Examined {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.found[id]
}

func errNothingToAccept() error {
	return scheduler.Errorf(scheduler.Stale, "profile.no_other_server", "The last test met no other server than the known one, or tried out what is not saved. Save, and test again.")
}
