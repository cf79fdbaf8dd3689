package postgres

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// auditRow is an entry as audit_columns.sql reads it.
type auditRow struct {
	ID      int64           `db:"id"`
	Actor   string          `db:"actor"`
	Action  string          `db:"action"`
	Target  string          `db:"target"`
	At      listTime        `db:"created_at"`
	Size    int64           `db:"size"`
	Detail  json.RawMessage `db:"detail"`
	Written string          `db:"written"`
	Chain   *int64          `db:"chain"`
}

func (r auditRow) entry() console.AuditEntry {
	return console.AuditEntry{ID: r.ID, Actor: r.Actor, Action: r.Action, Target: r.Target, At: r.At.Time, Size: r.Size, Detail: r.Detail, Written: r.Written, Chain: r.Chain}
}

// ListAudit finds a page of the audit. Details above 2,000 bytes are left out.
func (s *Store) ListAudit(ctx context.Context, filter console.AuditFilter, cursor console.Cursor, size int) (console.Stretch[console.AuditEntry], error) {
	q := search[auditRow, pgtype.Timestamptz]{
		newer: cursor.Newer, size: size,
		place: auditPlace(filter, cursor), filter: auditFilter(filter),
		filtered: filter.Actor != "" || len(filter.Actions) > 0 || filter.Target != "" || filter.Text != "",
		indexed:  len(filter.Actions) > 0,
		next:     nextAudit(cursor.Newer),
	}
	if q.details = listedDetail; filter.Whole {
		q.details = wholeDetail
	}
	var found []auditRow
	var reached *console.Cursor
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		statements := sql.trail(factsOf(conn))
		if q.statements = statements.olderAudit; cursor.Newer {
			q.statements = statements.newerAudit
		}
		var err error
		found, reached, err = q.run(ctx, conn, s.effort)
		return err
	})
	return stretchOf(found, size, cursor.Newer, reached, auditRow.entry), err
}

func auditFilter(f console.AuditFilter) pgx.StrictNamedArgs {
	var actions []string
	if len(f.Actions) > 0 {
		actions = f.Actions
	}
	return pgx.StrictNamedArgs{
		"actor": given(f.Actor), "actions": actions, "target": given(f.Target), "text": given(containing(f.Text)),
	}
}

func auditPlace(f console.AuditFilter, c console.Cursor) pgx.StrictNamedArgs {
	at, id := start(runFilter{CreatedFrom: f.From, CreatedBefore: f.Before}, c)
	return pgx.StrictNamedArgs{"from": f.From, "before": f.Before, "after_created_at": at, "after_id": id}
}

// nextAudit goes on behind every entry of the moment at which a stretch ended.
func nextAudit(newer bool) func(pgx.StrictNamedArgs, pgtype.Timestamptz) (console.Cursor, bool) {
	return func(place pgx.StrictNamedArgs, edge pgtype.Timestamptz) (console.Cursor, bool) {
		cursor := console.Cursor{CreatedAt: edge.Time, ID: 1, Newer: newer}
		if newer {
			cursor.ID = math.MaxInt64
		}
		place["after_created_at"], place["after_id"] = edge, cursor.ID
		return cursor, edge.InfinityModifier == pgtype.Finite
	}
}

// AuditEntry gives one entry, with a detail of up to a mebibyte.
func (s *Store) AuditEntry(ctx context.Context, id int64) (console.AuditEntry, error) {
	var found []auditRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		found, err = collect[auditRow](ctx, conn, sql.trail(factsOf(conn)).auditEntry, pgx.StrictNamedArgs{"id": id, "detail_limit": shownDetail})
		return err
	})
	if err != nil {
		return console.AuditEntry{}, err
	}
	if len(found) == 0 {
		return console.AuditEntry{}, scheduler.Errorf(scheduler.NotFound, "audit.not_found", "There is no audit entry %d.", id).
			With("entry", strconv.FormatInt(id, 10))
	}
	return found[0].entry(), nil
}

// mostActions is how many different actions are listed: far more than anybody has, far fewer than a hostile writer could make.
const mostActions = 500

// AuditActions gives the actions that the audit has, by name.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	var actions []string
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, sql.trail(factsOf(conn)).auditActions, pgx.StrictNamedArgs{"page": mostActions})
		if err != nil {
			return err
		}
		actions, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return actions, err
}
