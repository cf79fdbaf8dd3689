package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The longest value and the longest result of a reload that are read, in bytes.
const (
	longestValue  = 20_000
	longestResult = 4 << 20
)

type storedSettingRow struct {
	Key       string          `db:"key"`
	Secret    bool            `db:"secret"`
	UpdatedAt listTime        `db:"updated_at"`
	Value     json.RawMessage `db:"value"`
}

type helpRow struct {
	Key         string          `db:"key"`
	Title       string          `db:"title"`
	Description string          `db:"description"`
	Impact      string          `db:"impact"`
	Editable    bool            `db:"editable"`
	Input       string          `db:"input_type"`
	Choices     json.RawMessage `db:"choices"`
	Constraints json.RawMessage `db:"constraints"`
	Examples    json.RawMessage `db:"examples"`
	Secret      bool            `db:"is_secret"`
}

// SettingTables reads both tables of settings in one snapshot. Secrets are masked by name and by the help table, in the
// database: their values never come here.
func (s *Store) SettingTables(ctx context.Context) (console.SettingTables, error) {
	var stored []storedSettingRow
	var help []helpRow
	tables := console.SettingTables{}
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		known, statements := factsOf(conn), sql.trail(factsOf(conn))
		var batch pgx.Batch
		queue(&batch, &stored, statements.settings, pgx.StrictNamedArgs{"value_limit": longestValue, "secret_names": scheduler.SecretNamePattern()})
		queue(&batch, &help, statements.settingHelp, nil)
		batch.Queue(sql.settingsHidden).QueryRow(func(row pgx.Row) error { return row.Scan(&tables.RowsHidden) })
		err := conn.SendBatch(ctx, &batch).Close()
		tables.RowsHidden = tables.RowsHidden && !known.Gate // the gate shows every row
		return err
	})
	for _, r := range stored {
		tables.Stored = append(tables.Stored, console.StoredSetting{Key: r.Key, Value: r.Value, Secret: r.Secret, UpdatedAt: r.UpdatedAt.Time})
	}
	for _, r := range help {
		tables.Help = append(tables.Help, r.help())
	}
	return tables, err
}

// help reads the three documents of a row as far as they have the contract's shapes; people edit them by hand.
func (r helpRow) help() console.SettingHelp {
	h := console.SettingHelp{
		Key: r.Key, Title: r.Title, Description: r.Description, Impact: r.Impact, Editable: r.Editable, Input: r.Input,
		Secret: r.Secret, Choices: texts(r.Choices), Examples: texts(r.Examples),
	}
	var bounds struct{ Min, Max json.RawMessage }
	if json.Unmarshal(r.Constraints, &bounds) == nil {
		h.Min, h.Max = wholeNumber(bounds.Min), wholeNumber(bounds.Max)
	}
	return h
}

func wholeNumber(raw json.RawMessage) *int64 {
	var n *int64
	if json.Unmarshal(raw, &n) != nil {
		return nil
	}
	return n
}

// texts reads a list of texts; numbers and truth values in it are taken as they are written.
func texts(raw json.RawMessage) []string {
	var values []any
	if json.Unmarshal(raw, &values) != nil {
		return nil
	}
	var list []string
	for _, v := range values {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case float64, bool:
			list = append(list, fmt.Sprint(v))
		}
	}
	return list
}

type settingChangeRow struct {
	Key    string   `db:"key"`
	Actor  string   `db:"actor"`
	Action string   `db:"action"`
	At     listTime `db:"created_at"`
	ID     int64    `db:"id"`
}

// SettingChanges gives who set or deleted each setting last.
func (s *Store) SettingChanges(ctx context.Context) ([]console.SettingChange, error) {
	var changes []console.SettingChange
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := collect[settingChangeRow](ctx, conn, sql.trail(factsOf(conn)).settingChanges, nil)
		for _, r := range rows {
			changes = append(changes, console.SettingChange{Key: r.Key, Actor: r.Actor, Action: r.Action, At: r.At.Time, AuditID: r.ID})
		}
		return err
	})
	return changes, err
}

type reloadRow struct {
	ID          int64           `db:"id"`
	RequestedBy string          `db:"requested_by"`
	RequestedAt listTime        `db:"requested_at"`
	Status      string          `db:"status"`
	AppliedAt   optionalTime    `db:"applied_at"`
	LeaderID    string          `db:"leader_worker_id"`
	LeaderEpoch *int64          `db:"leader_epoch"`
	Result      json.RawMessage `db:"result"`
}

func (r reloadRow) reload() console.Reload {
	return console.Reload{
		ID: r.ID, RequestedBy: r.RequestedBy, RequestedAt: r.RequestedAt.Time, Status: r.Status, AppliedAt: r.AppliedAt.Time,
		LeaderID: r.LeaderID, LeaderEpoch: r.LeaderEpoch, Result: console.ReadReloadResult(r.Result),
	}
}

// Reloads gives the newest n requests for a reload.
func (s *Store) Reloads(ctx context.Context, n int) ([]console.Reload, error) {
	var reloads []console.Reload
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := collect[reloadRow](ctx, conn, sql.trail(factsOf(conn)).reloads, pgx.StrictNamedArgs{"page": n, "result_limit": longestResult})
		for _, r := range rows {
			reloads = append(reloads, r.reload())
		}
		return err
	})
	return reloads, err
}
