package desktop

import (
	"context"
	"errors"
	"time"
)

// Trust is whether an archive is what was exported, and by whom.
type Trust struct {
	Changed []string // the parts that are not what was written; none = intact
	// FirstRow is the first row of the first changed part that doesn't fit, where that is known.
	FirstRow int64
	Signed   bool
	// Signature is good, bad, or unreadable; "" without one.
	Signature   string
	Signer      string // the name that this operator knows the key by; "" = unknown
	Fingerprint string
	Key         []byte // public, of a good signature
	Claimed     string // what the signer calls itself
	Impostor    bool   // the operator knows somebody of that name by another key
	// ChainBroken is the row of the audit at which its chain breaks; 0 = it holds, or there is none.
	ChainBroken int64
	// Chained tells that the audit came with its chain.
	Chained bool
}

// The phases of a check.
const (
	trustChecking = "checking"
	trustChecked  = "checked"
	trustFailed   = "failed" // the file could not be read to its end
)

// TrustState is how far the check of an archive is, and what it found.
type TrustState struct {
	Phase       string     `json:"phase"` // checking, checked or failed
	Done        float64    `json:"done"`
	Total       float64    `json:"total"` // 0 = not known yet
	Error       *WireError `json:"error,omitempty"`
	Changed     []string   `json:"changed"`
	FirstRow    string     `json:"firstRow"` // "" = not known
	Signed      bool       `json:"signed"`
	Signature   string     `json:"signature"`
	Signer      string     `json:"signer"`
	Fingerprint string     `json:"fingerprint"`
	Claimed     string     `json:"claimed"`  // what the signer calls itself
	Impostor    bool       `json:"impostor"` // somebody of that name is known by another key
	Chained     bool       `json:"chained"`
	ChainBroken string     `json:"chainBroken"` // the row; "" = it holds
}

// trust is the state of a check. The session's mutex guards it.
type trust struct {
	TrustState
	key []byte // public, of a good signature
}

func newTrust() *trust {
	return &trust{TrustState: TrustState{Phase: trustChecking, Changed: []string{}}}
}

// trustPace is how often the page is told how far a check is.
const trustPace = 500 * time.Millisecond

// verify checks an archive while it is looked at.
func (s *Session) verify(o *opened) {
	var told time.Time
	found, err := o.Archive.Verify(o.life, func(done, total int64) {
		if now := time.Now(); now.Sub(told) >= trustPace {
			told = now
			s.changed(func() { o.trust.Done, o.trust.Total = float64(done), float64(total) })
		}
	})
	if errors.Is(err, context.Canceled) {
		return
	}
	if err != nil {
		s.config.Log.Error("checking an archive", "archive", o.ID, "error", err)
	}
	s.changed(func() {
		if err != nil {
			o.trust.Phase, o.trust.Error = trustFailed, wireOptional(err)
			return
		}
		o.trust.key = found.Key
		o.trust.TrustState = TrustState{
			Phase: trustChecked, Changed: append([]string{}, found.Changed...), FirstRow: rowOf(found.FirstRow), Signed: found.Signed, Signature: found.Signature,
			Signer: found.Signer, Fingerprint: found.Fingerprint, Claimed: found.Claimed, Impostor: found.Impostor, Chained: found.Chained, ChainBroken: rowOf(found.ChainBroken),
		}
	})
}

func rowOf(row int64) string {
	if row == 0 {
		return ""
	}
	return wireID(row)
}
