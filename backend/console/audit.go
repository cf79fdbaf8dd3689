package console

import (
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// AuditEntry is a row of the audit: who did what to what.
type AuditEntry struct {
	ID      int64
	Actor   string // as whoever wrote the row says; may be ""
	Action  string
	Target  string
	Detail  json.RawMessage // masked; nil where Size is above what a list carries
	Size    int64           // of the detail, in bytes
	At      time.Time
	Written string // by which login, or "gate"; "" where no gate records it
	Chain   *int64 // place on its chain, where there is one
}

// AuditFilter narrows the audit. Zero fields match every row; all given ones must match.
type AuditFilter struct {
	Actor   string
	Actions []string
	Target  string
	From    *time.Time // inclusive
	Before  *time.Time // exclusive
	Text    string     // case-insensitive part of actor, action, target or detail
	// Whole asks for details of up to 64 KiB instead of those that fit a line.
	Whole bool
}

// AuditPage is one page of the audit, newest first.
type AuditPage struct {
	Entries  []AuditEntry
	HasOlder bool
	HasNewer bool
	// Reached is where a search that took too long has stopped; looking on from there may find more. Nil when
	// everything in that direction was looked at.
	Reached *Cursor
	AsOf    time.Time
}

// Stretch is what a search through a list found.
type Stretch[T any] struct {
	Rows    []T // newest first
	More    bool
	Reached *Cursor // see AuditPage.Reached
}

// ListAudit gives the page of up to size entries at cursor.
func (c *Console) ListAudit(ctx context.Context, filter AuditFilter, cursor Cursor, size int) (AuditPage, error) {
	if err := checkPageSize(size); err != nil {
		return AuditPage{}, err
	}
	if err := filter.check(); err != nil {
		return AuditPage{}, err
	}
	found, err := c.ports.Audit.ListAudit(ctx, filter, cursor, size)
	if err != nil {
		return AuditPage{}, err
	}
	for i := range found.Rows {
		found.Rows[i] = maskEntry(found.Rows[i])
	}
	page := AuditPage{Entries: found.Rows, Reached: found.Reached, AsOf: c.now()}
	page.HasOlder, page.HasNewer = neighbours(cursor, found.More)
	return page, nil
}

// AuditEntry gives one entry with its whole detail.
func (c *Console) AuditEntry(ctx context.Context, id int64) (AuditEntry, error) {
	entry, err := c.ports.Audit.AuditEntry(ctx, id)
	if err != nil {
		return AuditEntry{}, err
	}
	return maskEntry(entry), nil
}

// AuditActions gives the actions that the audit has, by name.
func (c *Console) AuditActions(ctx context.Context) ([]string, error) {
	return c.ports.Audit.AuditActions(ctx)
}

func maskEntry(e AuditEntry) AuditEntry {
	if e.Detail != nil {
		e.Detail = MaskJSON(MaskDetail(e.Target, e.Detail))
	}
	return e
}

// MaskDetail masks what an entry of the audit about a secret setting says. What somebody set it to may stand under any name, as
// "value" does, so such an entry keeps none of its values. Other entries, and those that have none, stay as they are to the
// letter: the audit's chain is over their text.
func MaskDetail(target string, detail json.RawMessage) json.RawMessage {
	if detail == nil || !scheduler.SecretName(target) {
		return detail
	}
	if masked, hidden := maskValues(detail); hidden {
		return masked
	}
	return detail
}

// settingValues are the names under which rows about settings hold a setting's value.
var settingValues = map[string]bool{"value": true, "before": true, "after": true, "old": true, "new": true, "value_json": true}

// maskValues gives a detail without a setting's values, and whether it had any.
func maskValues(detail json.RawMessage) (masked json.RawMessage, hidden bool) {
	nothing := json.RawMessage(`"` + Masked + `"`)
	var fields map[string]json.RawMessage
	if json.Unmarshal(detail, &fields) != nil {
		return nothing, true
	}
	for name, value := range fields {
		if settingValues[name] && string(value) != "null" {
			fields[name], hidden = nothing, true
		} else if len(value) > 0 && value[0] == '{' {
			inner, hid := maskValues(value)
			fields[name], hidden = inner, hidden || hid
		}
	}
	masked, err := json.Marshal(fields)
	if err != nil {
		return nothing, true
	}
	return masked, hidden
}

func (f AuditFilter) check() error {
	if err := checkRange(f.From, f.Before); err != nil {
		return err
	}
	return checkSearch(f.Text)
}

func checkPageSize(size int) error {
	if size < 1 || size > MaxPageSize {
		return scheduler.Errorf(scheduler.Invalid, "list.bad_page_size", "A page holds 1 to %d rows.", MaxPageSize)
	}
	return nil
}

func checkRange(from, before *time.Time) error {
	if from != nil && before != nil && !from.Before(*before) {
		return scheduler.Errorf(scheduler.Invalid, "list.empty_range", "The time range ends before it starts.")
	}
	return nil
}

func checkSearch(text string) error {
	if utf8.RuneCountInString(text) > maxErrorText {
		return scheduler.Errorf(scheduler.Invalid, "list.long_text", "Search for at most %d characters.", maxErrorText)
	}
	return nil
}

// neighbours tells whether pages lie on the older and the newer side of a page that was read from cursor on.
func neighbours(cursor Cursor, more bool) (older, newer bool) {
	if cursor.Newer {
		return true, more
	}
	return more, !cursor.IsTop()
}
