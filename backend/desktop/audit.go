package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Audit serves the record of who did what.
type Audit struct{ session *Session }

// NewAudit binds the audit of the open environment.
func NewAudit(s *Session) *Audit { return &Audit{s} }

// AuditFilter narrows the audit; "" and empty lists match every entry.
type AuditFilter struct {
	Actor   string   `json:"actor"`
	Actions []string `json:"actions"`
	Target  string   `json:"target"`
	From    string   `json:"from"`
	Before  string   `json:"before"`
	Text    string   `json:"text"`
}

// ListAuditRequest asks for a page: at Cursor, or the newest.
type ListAuditRequest struct {
	Filter AuditFilter `json:"filter"`
	Cursor string      `json:"cursor"`
	Size   int         `json:"size"`
}

// AuditPage is one page, newest first, with the cursors of its neighbours ("" = none).
type AuditPage struct {
	Entries []AuditEntry `json:"entries"`
	Older   string       `json:"older"`
	Newer   string       `json:"newer"`
	Reached string       `json:"reached"` // how far a search came that was stopped; it goes on at the next page
	AsOf    string       `json:"asOf"`
}

// AuditEntry is a row of the audit on the wire.
type AuditEntry struct {
	ID      string  `json:"id"`
	Actor   string  `json:"actor"`
	Action  string  `json:"action"`
	Target  string  `json:"target"`
	At      string  `json:"at"`
	Detail  string  `json:"detail"` // masked JSON; "" where it is too long for a list
	Size    float64 `json:"size"`   // of the detail, in bytes
	Written string  `json:"written"`
	Chain   string  `json:"chain"`
}

// AuditActions is every action that the audit has.
type AuditActions struct {
	Actions []string `json:"actions"`
}

// List gives a page of the audit.
func (a *Audit) List(req ListAuditRequest) (AuditPage, error) {
	return call(a.session, "Audit.List", func(ctx context.Context, c *console.Console) (AuditPage, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return AuditPage{}, err
		}
		cursor, err := console.ParseCursor(req.Cursor)
		if err != nil {
			return AuditPage{}, err
		}
		page, err := c.ListAudit(ctx, filter, cursor, req.Size)
		if err != nil {
			return AuditPage{}, err
		}
		wire := AuditPage{Entries: wireEntries(page.Entries), AsOf: wireTime(page.AsOf)}
		place := func(i int, newer bool) string {
			e := page.Entries[i]
			return console.Cursor{CreatedAt: e.At, ID: e.ID, Newer: newer}.String()
		}
		wire.Older, wire.Newer = neighbours(len(page.Entries), page.HasOlder, page.HasNewer, place)
		goOn(page.Reached, &wire.Older, &wire.Newer)
		if page.Reached != nil {
			wire.Reached = wireTime(page.Reached.CreatedAt)
		}
		return wire, nil
	})
}

// Get gives one entry with its whole detail.
func (a *Audit) Get(req IDRequest) (AuditEntry, error) {
	return call(a.session, "Audit.Get", func(ctx context.Context, c *console.Console) (AuditEntry, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return AuditEntry{}, err
		}
		entry, err := c.AuditEntry(ctx, id)
		return wireEntry(entry), err
	})
}

// Actions gives every action that the audit has.
func (a *Audit) Actions() (AuditActions, error) {
	return call(a.session, "Audit.Actions", func(ctx context.Context, c *console.Console) (AuditActions, error) {
		actions, err := c.AuditActions(ctx)
		return AuditActions{Actions: append([]string{}, actions...)}, err
	})
}

// AuditChain is how the audit is guarded.
type AuditChain struct {
	Installed bool   `json:"installed"`
	Complete  bool   `json:"complete"`
	Seal      string `json:"seal"` // the newest one's number; "" = none
	Digest    string `json:"digest"`
	SealedAt  string `json:"sealedAt"`
	SealedBy  string `json:"sealedBy"`
}

// VerifyRequest names the seal that this window has seen last; "" = verify from the beginning.
type VerifyRequest struct {
	Seal   string `json:"seal"`
	Digest string `json:"digest"`
}

// AuditVerdict is what a verification found.
type AuditVerdict struct {
	OK      bool    `json:"ok"`
	Full    bool    `json:"full"`
	Checked float64 `json:"checked"`
	Problem string  `json:"problem"` // a key of a text; "" = none
	AuditID string  `json:"auditId"`
	Login   string  `json:"login"`
	Actor   string  `json:"actor"`
	Place   string  `json:"place"`
	Seal    string  `json:"seal"`
	Digest  string  `json:"digest"`
	AsOf    string  `json:"asOf"`
}

// Chain tells how the audit is guarded.
func (a *Audit) Chain() (AuditChain, error) {
	return call(a.session, "Audit.Chain", func(ctx context.Context, c *console.Console) (AuditChain, error) {
		chain, err := c.AuditChain(ctx)
		wire := AuditChain{Installed: chain.Installed, Complete: chain.Complete}
		if s := chain.Seal; s != nil {
			wire.Seal, wire.Digest, wire.SealedAt, wire.SealedBy = wireID(s.Number), s.Digest, wireTime(s.At), s.By
		}
		return wire, err
	})
}

// Verify checks the audit, which may take a while.
func (a *Audit) Verify(req VerifyRequest) (AuditVerdict, error) {
	return lend(a.session, "Audit.Verify", console.VerifyTime+callTimeout, func(ctx context.Context, env *opened) (AuditVerdict, error) {
		var seen *console.Seal
		if req.Seal != "" {
			number, err := parseID(req.Seal)
			if err != nil {
				return AuditVerdict{}, err
			}
			seen = &console.Seal{Number: number, Digest: req.Digest}
		}
		v, err := env.Console.VerifyAudit(ctx, seen)
		if err != nil {
			return AuditVerdict{}, err
		}
		return AuditVerdict{
			OK: v.OK, Full: v.Full, Checked: float64(v.Checked), Problem: v.Problem, AuditID: wirePositive(v.AuditID), Login: v.Login,
			Actor: v.Actor, Place: wirePositive(v.Place), Seal: wirePositive(v.Seal.Number), Digest: v.Seal.Digest, AsOf: wireTime(v.AsOf),
		}, nil
	})
}

// wirePositive is "" for what no id is.
func wirePositive(id int64) string {
	if id <= 0 {
		return ""
	}
	return wireID(id)
}

func (f AuditFilter) parse() (console.AuditFilter, error) {
	filter := console.AuditFilter{Actor: f.Actor, Actions: f.Actions, Target: f.Target, Text: f.Text}
	var err error
	if filter.From, err = parseTime(f.From); err != nil {
		return filter, err
	}
	filter.Before, err = parseTime(f.Before)
	return filter, err
}

func wireEntries(entries []console.AuditEntry) []AuditEntry {
	wire := make([]AuditEntry, len(entries))
	for i, e := range entries {
		wire[i] = wireEntry(e)
	}
	return wire
}

func wireEntry(e console.AuditEntry) AuditEntry {
	return AuditEntry{
		ID: wireID(e.ID), Actor: e.Actor, Action: e.Action, Target: e.Target, At: wireTime(e.At), Detail: string(e.Detail),
		Size: float64(e.Size), Written: e.Written, Chain: wireOptionalID(e.Chain),
	}
}

// neighbours gives the cursors of the pages beside one of n rows; place gives that of its i-th row.
func neighbours(n int, hasOlder, hasNewer bool, place func(i int, newer bool) string) (older, newer string) {
	if n == 0 {
		return "", ""
	}
	if hasOlder {
		older = place(n-1, false)
	}
	if hasNewer {
		newer = place(0, true)
	}
	return older, newer
}

// goOn lets a search that was stopped go on at the next page of its direction.
func goOn(place *console.Cursor, older, newer *string) {
	switch {
	case place == nil:
	case place.Newer:
		*newer = place.String()
	default:
		*older = place.String()
	}
}
