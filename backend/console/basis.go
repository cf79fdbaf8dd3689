package console

import "time"

// Knowledge is what the answers about a moment of the past stand on. Runs are always known exactly, but for what orphaning has erased.
type Knowledge struct {
	Fleet Basis // workers and leadership
	Jobs  Basis // how jobs were defined
	Terms Basis // who led when
}

// Basis is what an answer about a moment stands on.
type Basis struct {
	Kind   BasisKind
	Looked *time.Time // when that was seen which the answer shows
}

// BasisKind tells how an answer about a moment came about.
type BasisKind string

// The kinds, from the best to the worst.
const (
	Exact    BasisKind = "exact"    // it was written down when it happened
	Sampled  BasisKind = "sampled"  // somebody looked shortly before
	Inferred BasisKind = "inferred" // from what happened before or after
	Unknown  BasisKind = "unknown"
)
