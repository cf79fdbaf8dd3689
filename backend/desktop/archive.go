package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// ArchiveFacts tell of an archive.
type ArchiveFacts struct {
	Path    string
	ID      string // what it is known by, wherever it lies; "" = its digests can't be read
	Source  string // the name of the environment that it was made from
	Profile string // the id of that environment, as the archive has it; "" = not told
	From    time.Time
	To      time.Time
	MadeAt  time.Time
	MadeBy  string      // who exported it
	Filter  []Condition // what narrowed the runs
	Masked  int64       // how many values were masked when it was made
	// Moment is when it is looked at. The environment's console is as of then.
	Moment time.Time
	Known  console.Knowledge
	// Whole is the console as of the end, whatever the moment.
	Whole *console.Console
	// At gives it as of another moment.
	At func(ctx context.Context, moment time.Time) (*console.Console, console.Knowledge, error)
	// Verify checks that it is what was exported. It may take minutes.
	Verify func(ctx context.Context, progress func(done, total int64)) (Trust, error)
}

// ArchiveState tells of an archive that is shown.
type ArchiveState struct {
	Path   string      `json:"path"`
	Source string      `json:"source"`
	From   string      `json:"from"`
	To     string      `json:"to"`
	MadeAt string      `json:"madeAt"`
	MadeBy string      `json:"madeBy"`
	Filter []Condition `json:"filter"`
	Masked float64     `json:"masked"`
	Moment string      `json:"moment"`
	Fleet  BasisState  `json:"fleet"`
	Jobs   BasisState  `json:"jobs"`
	Terms  BasisState  `json:"terms"`
	Trust  TrustState  `json:"trust"`
}

// Condition is a part of a filter of runs, as the archive has it.
type Condition struct {
	Name  string `json:"name"` // such as created_from or states
	Value string `json:"value"`
}

// BasisState is what an answer about the moment stands on.
type BasisState struct {
	Kind   string `json:"kind"` // exact, sampled, inferred or unknown
	Looked string `json:"looked"`
}

func basisState(b console.Basis) BasisState {
	return BasisState{Kind: string(b.Kind), Looked: wireOptionalTime(b.Looked)}
}

// archiveState tells of what is shown, if it is an archive.
func (s *Session) archiveState(o *opened) *ArchiveState {
	a := o.Archive
	if a == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &ArchiveState{
		Path: a.Path, Source: a.Source, From: wireTime(a.From), To: wireTime(a.To), MadeAt: wireTime(a.MadeAt), MadeBy: a.MadeBy,
		Filter: append([]Condition{}, a.Filter...), Masked: float64(a.Masked), Moment: wireTime(a.Moment), Fleet: basisState(a.Known.Fleet), Jobs: basisState(a.Known.Jobs),
		Terms: basisState(a.Known.Terms), Trust: o.trust.TrustState,
	}
}
