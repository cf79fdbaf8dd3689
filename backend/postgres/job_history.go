package postgres

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type outcomeRow struct {
	State        string       `db:"state"`
	ScheduledFor listTime     `db:"scheduled_for"`
	StartedAt    optionalTime `db:"started_at"`
	FinishedAt   optionalTime `db:"finished_at"`
}

// JobOutcomes gives how a job's latest runs went.
func (s *Store) JobOutcomes(ctx context.Context, id scheduler.JobID, limit int) ([]console.RunOutcome, error) {
	rows, err := jobsOf[outcomeRow](ctx, s, sql.jobOutcomes, pgx.StrictNamedArgs{"job_id": int64(id), "page": limit})
	list := make([]console.RunOutcome, len(rows))
	for i, r := range rows {
		list[i] = console.RunOutcome{
			State: scheduler.RunState(r.State), ScheduledFor: r.ScheduledFor.Time, StartedAt: r.StartedAt.Time, FinishedAt: r.FinishedAt.Time,
		}
	}
	return list, err
}

type changeRow struct {
	ID      int64    `db:"id"`
	At      listTime `db:"created_at"`
	Actor   string   `db:"actor"`
	Action  string   `db:"action"`
	Target  string   `db:"target"`
	Reason  string   `db:"reason"`
	Changed []byte   `db:"changed"` // {column: {before, after}} as the gate writes it
}

// changeLimit is how many bytes of a change's detail are read; a larger one only says that there was a change.
const changeLimit = 32 << 10

// fields are the columns that were changed, by name. What nobody here could have written is left out.
func (r changeRow) fields() []console.FieldChange {
	var changed map[string]struct{ Before, After json.RawMessage }
	if r.Changed == nil || json.Unmarshal(r.Changed, &changed) != nil {
		return nil
	}
	fields := make([]console.FieldChange, 0, len(changed))
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		fields = append(fields, console.FieldChange{Field: name, Before: changed[name].Before, After: changed[name].After})
	}
	return fields
}

// JobChanges reads the audit through the gate's view where there is one, and the table itself where the login may.
func (s *Store) JobChanges(ctx context.Context, filter console.ChangeFilter) (console.Changes, error) {
	var target *string
	if filter.JobID != 0 {
		id := strconv.FormatInt(int64(filter.JobID), 10)
		target = &id
	}
	args := pgx.StrictNamedArgs{"target": target, "since": given(filter.Since), "page": filter.Limit + 1, "detail_limit": changeLimit}
	var changes console.Changes
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		text, ok := sql.jobChanges[factsOf(conn).Audit]
		if !ok {
			changes.Unreadable = true
			return nil
		}
		rows, err := collect[changeRow](ctx, conn, text, args)
		if changes.More = len(rows) > filter.Limit; changes.More {
			rows = rows[:filter.Limit]
		}
		for _, r := range rows {
			changes.List = append(changes.List, console.Change{
				ID: r.ID, At: r.At.Time, Actor: r.Actor, Action: r.Action, Target: r.Target, Reason: r.Reason,
				Fields: r.fields(),
			})
		}
		return err
	})
	return changes, err
}
