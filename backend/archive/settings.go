package archive

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/opsdeck/opsdeck/backend/console"
)

// The most settings, and changes of them, that are read.
const (
	maxSettings = 10_000
	maxChanges  = 50_000
)

// SettingTables gives the settings as they were at the archive's end. Earlier values are masked in the audit or not recorded.
func (m moment) SettingTables(ctx context.Context) (console.SettingTables, error) {
	var tables console.SettingTables
	var err error
	tables.Stored, err = collect(ctx, m.Archive, "settings", nil, args{"page": maxSettings}, func(rows *sql.Rows) (s console.StoredSetting, err error) {
		var value document
		var updated required
		err = rows.Scan(&s.Key, &value, &s.Secret, &updated)
		if !s.Secret {
			s.Value = value.RawMessage
		}
		s.UpdatedAt = updated.Time
		return s, err
	})
	if err != nil {
		return tables, err
	}
	tables.Help, err = collect(ctx, m.Archive, "setting_help", nil, args{"page": maxSettings}, func(rows *sql.Rows) (h console.SettingHelp, err error) {
		var choices, examples document
		err = rows.Scan(&h.Key, &h.Title, &h.Description, &h.Impact, &h.Editable, &h.Input, &choices, &h.Min, &h.Max, &examples, &h.Secret)
		_, _ = json.Unmarshal(choices.RawMessage, &h.Choices), json.Unmarshal(examples.RawMessage, &h.Examples) // what is no list is none
		return h, err
	})
	tables.RowsHidden = m.absent("setting")
	return tables, err
}

// SettingChanges gives who set or deleted each setting last.
func (m moment) SettingChanges(ctx context.Context) ([]console.SettingChange, error) {
	seen := map[string]bool{}
	var changes []console.SettingChange
	err := m.each(ctx, "setting_changes", nil, args{"at": m.at.UnixMicro(), "page": maxChanges}, func(rows *sql.Rows) error {
		var c console.SettingChange
		var at required
		err := rows.Scan(&c.Key, &c.Actor, &c.Action, &at, &c.AuditID)
		c.At = at.Time
		if !seen[c.Key] {
			seen[c.Key] = true
			changes = append(changes, c)
		}
		return err
	})
	return changes, err
}

// Reloads gives the newest n requests for a reload.
func (m moment) Reloads(ctx context.Context, n int) ([]console.Reload, error) {
	return collect(ctx, m.Archive, "reloads", nil, args{"at": m.at.UnixMicro(), "page": n}, func(rows *sql.Rows) (r console.Reload, err error) {
		var requested required
		var applied instant
		var result document
		err = rows.Scan(&r.ID, &r.RequestedBy, &requested, &r.Status, &applied, &r.LeaderID, &r.LeaderEpoch, &result)
		r.RequestedAt, r.AppliedAt, r.Result = requested.Time, applied.Time, console.ReadReloadResult(result.RawMessage)
		if m.past && r.AppliedAt != nil && r.AppliedAt.After(m.at) {
			r.Status, r.AppliedAt, r.Result = "PENDING", nil, console.ReloadResult{}
		}
		return r, err
	})
}
