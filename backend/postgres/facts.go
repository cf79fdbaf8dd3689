package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// facts is what this database has beside the scheduler's own tables, learnt once per connection so that no question
// has to fail to find out.
type facts struct {
	Scheduler   bool     // the scheduler's tables are there
	Current     bool     // with the columns of migration 0007
	Attempts    bool     // nodes record attempts
	Logs        bool     // nodes keep logs
	Terms       bool     // nodes record who led when
	Args        string   // where the arguments of runs are read; "" = nowhere
	Jobs        string   // where a job's arguments are read: the gate's view or the table
	Audit       string   // where the audit can be read: the gate's view or the table; "" = nowhere
	OrderedBy   []string // columns with an index that goes on with created_at: their runs come in the list's order
	ErrorSearch bool     // an index finds text in errors
	AuditLinks  bool     // the gate shows the links of the audit's chains
	Gate        bool     // the gate is installed, and this login may ask it
}

const factsKey = "opsdeck facts"

func learnFacts(ctx context.Context, conn *pgx.Conn) error {
	found, err := collect[facts](ctx, conn, sql.facts, nil)
	if err != nil {
		return err
	}
	conn.PgConn().CustomData()[factsKey] = found[0]
	if found[0].Gate {
		_, err = conn.Exec(ctx, behindGate)
	}
	return err
}

// behindGate lets every question find the gate's masked views where it names a scheduler's table that operators may not
// read: they have the tables' names.
const behindGate = "select set_config('search_path', 'opsdeck, ' || current_setting('search_path'), false)"

func factsOf(conn *pgx.Conn) facts {
	f, _ := conn.PgConn().CustomData()[factsKey].(facts)
	return f
}

// orders tells whether an index gives the runs that match filter in the list's order.
func (f facts) orders(filter runFilter) bool {
	return filter.JobID != 0 && slices.Contains(f.OrderedBy, "job_definition_id") ||
		filter.WorkerID != "" && slices.Contains(f.OrderedBy, "assigned_worker_id") ||
		len(filter.States) == 1 && slices.Contains(f.OrderedBy, "state")
}

// finds tells whether some index can gather the runs that match filter, in whatever order.
func (f facts) finds(filter runFilter) bool {
	return filter.JobID != 0 || filter.WorkerID != "" || len(filter.States) > 0 || filter.ErrorText != "" && f.ErrorSearch
}

// firstMigration is the oldest scheduler migration whose tables have every column that we read.
const firstMigration = "0007_jobrun_resource_usage"

func checkSchema(_ context.Context, conn *pgx.Conn) error {
	f := factsOf(conn)
	if !f.Scheduler {
		return scheduler.Errorf(scheduler.NotFound, "postgres.no_scheduler",
			"The database has no scheduler tables, or this login may not see them. Check the database's name and the login's search_path.")
	}
	if !f.Current {
		return scheduler.Errorf(scheduler.Unavailable, "postgres.schema_old",
			"The scheduler's tables are older than migration %s. Migrate the scheduler first.", firstMigration).
			With("migration", firstMigration)
	}
	return nil
}
