package desktop

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Comparisons lay the shown environment beside another one, which is opened for this alone: nothing else can be asked of it, and
// nothing is changed in it. What is brought over goes into the environment that is shown, under its policy.
type Comparisons struct{ session *Session }

// NewComparisons binds the comparison of two environments.
func NewComparisons(s *Session) *Comparisons { return &Comparisons{s} }

// Comparison is both environments side by side.
type Comparison struct {
	Here    ComparedSide   `json:"here"`
	There   ComparedSide   `json:"there"`
	Items   []ComparedItem `json:"items"`
	Noted   bool           `json:"noted"` // a promotion is written down there too
	AsOf    string         `json:"asOf"`
	Problem *WireError     `json:"problem,omitempty"` // why no difference counts as expected
}

// ComparedSide names one of both environments.
type ComparedSide struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// ComparedItem is a job or a setting on both sides.
type ComparedItem struct {
	Kind   string          `json:"kind"` // job or setting
	Name   string          `json:"name"`
	State  string          `json:"state"` // equal, expected, unknown, different, here or there
	Fields []ComparedField `json:"fields"`
	Kept   string          `json:"kept"` // why it can't be brought over, as a key; "" = it can
	Mark   string          `json:"mark"` // names exactly what was read of both sides
	HereID string          `json:"hereId"`
}

// ComparedField is one value on both sides, as JSON text; "" = there is none, or it is a secret.
type ComparedField struct {
	Name  string        `json:"name"`
	State string        `json:"state"`
	Here  string        `json:"here"`
	There string        `json:"there"`
	Rule  *ComparedRule `json:"rule,omitempty"`
}

// ComparedRule is what a field is expected to be on both sides.
type ComparedRule struct {
	Here  string `json:"here"`
	There string `json:"there"`
}

// RuleRequest names a field. Keep says whether its present difference is expected from now on, or not any more.
type RuleRequest struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Field string `json:"field"`
	Here  string `json:"here"`
	There string `json:"there"`
	Keep  bool   `json:"keep"`
}

// compareTimeout bounds how long opening and reading the other environment may take.
const compareTimeout = 60 * time.Second

// Candidates lists the environments that the shown one can be compared with, the one that was opened last first.
func (c *Comparisons) Candidates() (ProfileList, error) {
	return lend(c.session, "Comparisons.Candidates", callTimeout, func(_ context.Context, here *opened) (ProfileList, error) {
		found := ProfileList{Profiles: []ProfileCard{}}
		if c.session.config.Profiles == nil {
			return found, nil
		}
		entries, err := c.session.config.Profiles.List()
		for _, e := range entries {
			if e.ID != here.ID && e.Err == nil {
				found.Profiles = append(found.Profiles, wireCard(e))
			}
		}
		return found, err
	})
}

// Open opens the environment of a profile beside the shown one.
func (c *Comparisons) Open(req OpenProfileRequest) (ComparedSide, error) {
	s := c.session
	typed, err := parseSecrets(req.Secrets)
	if err != nil {
		return ComparedSide{}, err
	}
	return lend(s, "Comparisons.Open", compareTimeout, func(ctx context.Context, here *opened) (ComparedSide, error) {
		s.compared.end(s)
		if req.ID == here.ID {
			return ComparedSide{}, scheduler.Errorf(scheduler.Invalid, "compare.bad_pair", "Two different environments are needed to compare.")
		}
		env, err := s.config.Opener.OpenProfile(ctx, OpenRequest{ID: req.ID, Typed: typed}, func(Progress) {})
		if err != nil {
			return ComparedSide{}, err
		}
		there := enliven(req.ID, env)
		if !s.compared.begin(s, here, there) {
			return ComparedSide{}, errClosed()
		}
		return side(there), nil
	})
}

// Close closes the other environment.
func (c *Comparisons) Close() { c.session.compared.end(c.session) }

// Read compares both environments as they are now.
func (c *Comparisons) Read() (Comparison, error) {
	return between(c.session, "Comparisons.Read", func(ctx context.Context, here, there *opened) (Comparison, error) {
		return c.read(ctx, here, there)
	})
}

// Expect keeps that a field's difference is expected, or that it isn't any more.
func (c *Comparisons) Expect(req RuleRequest) (Comparison, error) {
	return between(c.session, "Comparisons.Expect", func(ctx context.Context, here, there *opened) (Comparison, error) {
		_, err := c.session.config.Rules.Change(here.ID, there.ID, func(r compare.Rules) (compare.Rules, error) {
			if !req.Keep {
				return r.Without(compare.Kind(req.Kind), req.Name, req.Field), nil
			}
			return r.With(compare.Rule{
				Kind: compare.Kind(req.Kind), Name: req.Name, Field: req.Field, Here: optionalJSON(req.Here), There: optionalJSON(req.There),
			})
		})
		if err != nil {
			return Comparison{}, err
		}
		return c.read(ctx, here, there)
	})
}

func (c *Comparisons) read(ctx context.Context, here, there *opened) (Comparison, error) {
	items, problem, err := c.items(ctx, here, there)
	if err != nil {
		return Comparison{}, err
	}
	out := Comparison{
		Here: side(here), There: side(there), Items: make([]ComparedItem, len(items)), Noted: there.Commands != nil,
		AsOf: wireTime(time.Now()), Problem: wireOptional(problem),
	}
	for i, item := range items {
		out.Items[i] = wireCompared(item)
	}
	return out, nil
}

// items reads and compares both sides. Without its rules everything that differs is a difference.
func (c *Comparisons) items(ctx context.Context, here, there *opened) (items []compare.Item, problem, err error) {
	var sides [2]compare.Side
	for i, o := range []*opened{here, there} {
		if sides[i], err = readSide(ctx, o.Console); err != nil {
			return nil, nil, err
		}
	}
	rules, problem := c.session.config.Rules.Load(here.ID, there.ID)
	return compare.Items(sides[0], sides[1], rules), problem, nil
}

func readSide(ctx context.Context, c *console.Console) (side compare.Side, err error) {
	if side.Jobs, err = c.Definitions(ctx); err != nil {
		return side, err
	}
	side.Settings, err = c.StoredSettings(ctx)
	return side, err
}

func side(o *opened) ComparedSide { return ComparedSide{ID: o.ID, Name: o.Name, Kind: o.Kind} }

func wireCompared(item compare.Item) ComparedItem {
	out := ComparedItem{
		Kind: string(item.Kind), Name: item.Name, State: string(item.State), Fields: wireFields(item.Fields), Mark: markOf(item),
	}
	_, out.Kept = promotion(item)
	if item.HereJob != nil {
		out.HereID = wireID(item.HereJob.ID)
	}
	return out
}

func wireFields(fields []compare.Field) []ComparedField {
	wire := make([]ComparedField, len(fields))
	for i, f := range fields {
		wire[i] = ComparedField{Name: f.Name, State: string(f.State), Here: string(f.Here), There: string(f.There)}
		if f.Rule != nil {
			wire[i].Rule = &ComparedRule{Here: string(f.Rule.Here), There: string(f.Rule.There)}
		}
	}
	return wire
}

func optionalJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
