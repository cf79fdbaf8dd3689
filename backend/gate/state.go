package gate

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// State is what a database has of the gate, and what a login could do about it.
type State struct {
	Database      string
	ServerVersion int    // as server_version_num: 150004
	Installer     string // the login that asks
	Superuser     bool
	CreatesRoles  bool
	CreatesSchema bool
	OwnsTables    bool // it is a member of the scheduler tables' owner
	GivesCreate   bool // it may let others make things in the tables' schema

	Schema         string // of the scheduler's tables; "" = not found
	SchedulerLogin string

	Installed    bool
	Version      int
	Prefix       string
	AppLabel     string
	Definitions  string // digest of what was installed
	Indexes      bool
	Hardened     bool
	Hardening    string // JSON: what --harden changed
	TrailTaken   bool   // the audit table is the gate's
	TrailChained bool   // its older rows are on the chain
}

type stateRow struct {
	Database       string `db:"database"`
	ServerVersion  int    `db:"server_version"`
	Installer      string `db:"installer"`
	Superuser      bool   `db:"superuser"`
	CreatesRoles   bool   `db:"creates_roles"`
	CreatesSchemas bool   `db:"creates_schemas"`
	Schema         string `db:"schema"`
	TrailOwner     string `db:"trail_owner"`
	IsOwner        bool   `db:"is_owner"`
	GivesCreate    bool   `db:"gives_create"`
	HasSchema      bool   `db:"has_schema"`
	Installed      bool   `db:"installed"`
}

type installedRow struct {
	Version        int    `db:"version"`
	Prefix         string `db:"prefix"`
	AppLabel       string `db:"app_label"`
	TablesSchema   string `db:"tables_schema"`
	SchedulerLogin string `db:"scheduler_login"`
	Definitions    string `db:"definitions"`
	Indexes        bool   `db:"indexes"`
	Hardened       bool   `db:"hardened"`
	Hardening      string `db:"hardening"`
	TrailTaken     bool   `db:"trail_taken"`
	TrailChained   bool   `db:"trail_chained"`
}

// ReadState looks at the database. schema is where the scheduler's tables are, "" = where the search path finds them.
func ReadState(ctx context.Context, conn *pgx.Conn, schema string) (State, error) {
	table := "scheduler_admin_action_logs"
	if schema != "" {
		table = pgx.Identifier{schema, table}.Sanitize()
	}
	row, err := one[stateRow](ctx, conn, render("state", names{}), table)
	if err != nil {
		return State{}, fmt.Errorf("look at the database: %w", err)
	}
	s := State{
		Database: row.Database, ServerVersion: row.ServerVersion, Installer: row.Installer, Superuser: row.Superuser,
		CreatesRoles: row.CreatesRoles, CreatesSchema: row.CreatesSchemas, OwnsTables: row.IsOwner,
		GivesCreate: row.GivesCreate, Schema: row.Schema,
		SchedulerLogin: row.TrailOwner,
	}
	if !row.Installed {
		if row.HasSchema {
			return s, scheduler.Errorf(scheduler.Conflict, "gate.foreign_schema",
				"the database has a schema opsdeck that is not the gate's: rename or drop it first")
		}
		return s, nil
	}
	i, err := one[installedRow](ctx, conn, render("installed", names{}))
	if err != nil {
		return s, fmt.Errorf("read the installation: %w", err)
	}
	s.Installed, s.Version, s.Prefix, s.AppLabel, s.Schema, s.SchedulerLogin = true, i.Version, i.Prefix, i.AppLabel, i.TablesSchema, i.SchedulerLogin
	s.Definitions, s.Indexes, s.Hardened, s.Hardening = i.Definitions, i.Indexes, i.Hardened, i.Hardening
	s.TrailTaken, s.TrailChained = i.TrailTaken, i.TrailChained
	if i.TrailTaken { // then its owner is the audit owner; what counts is whose the other tables are
		if row, err = one[stateRow](ctx, conn, render("state", names{}), pgx.Identifier{s.Schema, "scheduler_job_runs"}.Sanitize()); err != nil {
			return s, fmt.Errorf("look at the database: %w", err)
		}
		s.OwnsTables = row.IsOwner
	}
	return s, nil
}

func one[T any](ctx context.Context, conn *pgx.Conn, sql string, args ...any) (T, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}

// oldestServer is the first PostgreSQL whose syntax the scripts need (create or replace trigger).
const oldestServer = 140000

// check refuses what an install would fail at, before anything is touched.
func (s State) check() error {
	refuse := func(reason, format string, args ...any) error {
		return scheduler.Errorf(scheduler.Invalid, reason, format, args...)
	}
	switch {
	case s.ServerVersion < oldestServer:
		return refuse("gate.old_server", "PostgreSQL 14 or newer is needed; this server is %d.%d", s.ServerVersion/10000, s.ServerVersion%10000)
	case s.Schema == "":
		return refuse("gate.no_scheduler", "the database %s has no scheduler tables where this login looks for them; name their schema", s.Database)
	case s.Version > Version:
		return refuse("gate.newer_installed", "the gate is installed in version %d, this program knows %d: use a newer program", s.Version, Version)
	case s.Superuser:
		return nil
	case !s.CreatesRoles:
		return refuse("gate.no_createrole", "the login %s may not make roles: install as a superuser, or as a login with CREATEROLE", s.Installer)
	case !s.OwnsTables:
		return refuse("gate.not_owner", "the login %s is not a member of %s, who owns the scheduler's tables", s.Installer, s.SchedulerLogin)
	case !s.GivesCreate:
		return refuse("gate.no_schema_grant", "the login %s may not grant CREATE on the schema %s, which the audit table's new owner needs for an instant: "+
			"make it a member of the schema's owner", s.Installer, s.Schema)
	case !s.Installed && !s.CreatesSchema:
		return refuse("gate.no_schema_right", "the login %s may not make schemas in %s: grant it CREATE on the database", s.Installer, s.Database)
	}
	return nil
}

// sqlState gives PostgreSQL's code of an error, "" if it is none of its.
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}
