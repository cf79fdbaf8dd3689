package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// How many bytes of a detail a list, a file and the entry itself carry.
const (
	listedDetail = 2000
	wholeDetail  = 64 << 10
	shownDetail  = 1 << 20
	mostActions  = 500
)

// stretch is how many rows a filtered list is searched through at once, and patience for how long before it says how far it came.
const (
	stretch  = 100_000
	patience = 2 * time.Second
)

type auditQuery struct {
	Actions, Target, Actor, Text bool
	Order                        string
}

type placedEntry struct {
	n     int64
	entry console.AuditEntry
}

func scanEntry(rows *sql.Rows) (p placedEntry, err error) {
	var at required
	var detail document
	e := &p.entry
	err = rows.Scan(&p.n, &e.ID, &e.Actor, &e.Action, &e.Target, &detail, &e.Size, &at, &e.Written, &e.Chain)
	e.Detail, e.At = detail.RawMessage, at.Time
	return p, err
}

// ListAudit finds a page of the audit, stretch by stretch.
func (m moment) ListAudit(ctx context.Context, f console.AuditFilter, cursor console.Cursor, size int) (console.Stretch[console.AuditEntry], error) {
	var found console.Stretch[console.AuditEntry]
	r, err := m.auditReach(ctx, f, cursor)
	if err != nil || r.empty() {
		return found, err
	}
	actions, _ := json.Marshal(f.Actions) // texts can always be marshalled
	q := auditQuery{Actions: len(f.Actions) > 0, Target: f.Target != "", Actor: f.Actor != "", Text: f.Text != "", Order: "desc"}
	if cursor.Newer {
		q.Order = "asc"
	}
	values := args{"actions": string(actions), "target": f.Target, "actor": f.Actor, "text": fold(f.Text), "detail_limit": listedDetail}
	if f.Whole {
		values["detail_limit"] = wholeDetail
	}
	narrow := q.Actions || q.Target || q.Actor || q.Text
	until := time.Now().Add(patience)
	for !r.empty() && len(found.Rows) <= size {
		part := r
		if narrow && cursor.Newer {
			part.high = min(r.high, r.low+stretch-1)
		} else if narrow {
			part.low = max(r.low, r.high-stretch+1)
		}
		values["low"], values["high"], values["page"] = part.low, part.high, size+1-len(found.Rows)
		rows, err := collect(ctx, m.Archive, "audit", q, values, scanEntry)
		if err != nil {
			return found, err
		}
		entries := make([]console.AuditEntry, len(rows))
		for i, row := range rows {
			entries[i] = row.entry
		}
		if cursor.Newer {
			found.Rows, r.low = append(entries, found.Rows...), part.high+1
		} else {
			found.Rows, r.high = append(found.Rows, entries...), part.low-1
		}
		if !r.empty() && len(found.Rows) <= size && time.Now().After(until) {
			found.Reached, err = m.auditCursor(ctx, r, cursor.Newer)
			return found, err
		}
	}
	if found.More = len(found.Rows) > size; found.More && cursor.Newer {
		found.Rows = found.Rows[len(found.Rows)-size:]
	} else if found.More {
		found.Rows = found.Rows[:size]
	}
	return found, nil
}

// auditReach gives the places that a time range and a cursor leave.
func (m moment) auditReach(ctx context.Context, f console.AuditFilter, cursor console.Cursor) (reach, error) {
	last, err := collect(ctx, m.Archive, "audit_last", nil, nil, scanCount)
	if err != nil {
		return reach{1, 0}, err
	}
	r := reach{1, last[0]}
	bound := func(at time.Time, id int64) int64 {
		n, problem := m.auditPlace(ctx, last[0], at, id)
		err = cmp.Or(err, problem)
		return n
	}
	if m.past {
		r.high = bound(m.at, math.MaxInt64) - 1
	}
	if f.From != nil {
		r.low = bound(*f.From, math.MinInt64)
	}
	if f.Before != nil {
		r.high = min(r.high, bound(*f.Before, math.MinInt64)-1)
	}
	switch {
	case cursor.IsTop():
	case !cursor.Newer:
		r.high = min(r.high, bound(cursor.CreatedAt, cursor.ID)-1)
	case cursor.ID == math.MaxInt64:
		r.low = max(r.low, bound(cursor.CreatedAt, cursor.ID))
	default:
		r.low = max(r.low, bound(cursor.CreatedAt, cursor.ID+1))
	}
	return r, err
}

func (m moment) auditPlace(ctx context.Context, last int64, at time.Time, id int64) (int64, error) {
	low, high := int64(1), last+1
	for low < high {
		middle := low + (high-low)/2
		created, entry, err := m.auditAt(ctx, middle)
		if err != nil {
			return 0, err
		}
		if created.Before(at) || created.Equal(at) && entry < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

func (m moment) auditAt(ctx context.Context, n int64) (created time.Time, id int64, err error) {
	err = m.each(ctx, "audit_place", nil, args{"n": n}, func(rows *sql.Rows) error {
		var at required
		err := rows.Scan(&at, &id)
		created = at.Time
		return err
	})
	return created, id, err
}

// auditCursor is where a search goes on that stopped.
func (m moment) auditCursor(ctx context.Context, rest reach, newer bool) (*console.Cursor, error) {
	n := rest.high + 1
	if newer {
		n = rest.low - 1
	}
	at, id, err := m.auditAt(ctx, n)
	return &console.Cursor{CreatedAt: at, ID: id, Newer: newer}, err
}

// AuditEntry gives one entry.
func (m moment) AuditEntry(ctx context.Context, id int64) (console.AuditEntry, error) {
	found, err := collect(ctx, m.Archive, "audit_entry", nil, args{"id": id, "detail_limit": shownDetail}, scanEntry)
	if err != nil {
		return console.AuditEntry{}, err
	}
	if len(found) == 0 || found[0].entry.At.After(m.at) {
		return console.AuditEntry{}, scheduler.Errorf(scheduler.NotFound, "audit.not_found", "There is no audit entry %d.", id).
			With("entry", strconv.FormatInt(id, 10))
	}
	return found[0].entry, nil
}

// AuditActions gives the actions that the audit has.
func (m moment) AuditActions(ctx context.Context) ([]string, error) {
	return collect(ctx, m.Archive, "audit_actions", nil, args{"page": mostActions}, func(rows *sql.Rows) (action string, err error) {
		return action, rows.Scan(&action)
	})
}

// AuditChain tells how the audit was guarded when it was exported.
func (m moment) AuditChain(ctx context.Context) (console.AuditChain, error) {
	chain := console.AuditChain{Installed: m.facts.Rows["chain"] > 0, Complete: m.facts.Rows["chain"] > 0}
	err := m.each(ctx, "seal_last", nil, args{"at": m.at.UnixMicro()}, func(rows *sql.Rows) error {
		var s console.Seal
		var at required
		var digest []byte
		err := rows.Scan(&s.Number, &at, &s.By, &digest)
		s.At, s.Digest = at.Time, hex.EncodeToString(digest)
		chain.Seal = &s
		return err
	})
	return chain, err
}

// VerifyAudit checks the links of the chains that the archive holds; see VerifyChain.
func (m moment) VerifyAudit(ctx context.Context, _ *console.Seal) (console.AuditVerdict, error) {
	return m.VerifyChain(ctx)
}
