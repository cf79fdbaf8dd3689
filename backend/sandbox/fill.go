package sandbox

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/sandbox/history"
)

const (
	database = "scheduler"
	seed     = 20_261_123 // of the past; any other is as good
)

var (
	//go:embed has_table.sql
	hasTable string
	//go:embed user_names.sql
	userNames string
	//go:embed ever_had_jobs.sql
	everHadJobs string
)

// fill makes what is missing in the servers: logins, database, tables, users, the past. Each step looks first whether it
// has been done, so that a start that was cut short is taken up by the next.
func (s *Sandbox) fill(ctx context.Context) error {
	s.progress(Progress{Step: StepSchema})
	s.logins = newLogins()
	if err := s.logins.make(ctx, s.postgres.URL("postgres")); err != nil {
		return fmt.Errorf("make the sandbox's logins: %w", err)
	}
	conn, err := pgx.Connect(ctx, s.logins.ownerURL(s.postgres))
	if err != nil {
		return fmt.Errorf("connect to the sandbox's database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, step := range []func(context.Context, *pgx.Conn) error{s.makeTables, s.makeUsers, s.makeNodeTables, s.makeHistory} {
		if err := step(ctx, conn); err != nil {
			return s.postgres.Explain(err)
		}
	}
	if s.logins.lastEpoch, err = history.LastEpoch(ctx, conn); err != nil {
		return fmt.Errorf("read the last epoch: %w", err)
	}
	if err := s.logins.makeOperators(ctx, s.postgres.URL(database)); err != nil {
		return fmt.Errorf("install the gate: %w", err)
	}
	return s.logins.makeRedisUsers(ctx, s.redis.URL(0))
}

func (s *Sandbox) makeTables(ctx context.Context, conn *pgx.Conn) error {
	var there bool
	if err := conn.QueryRow(ctx, hasTable, "public.django_migrations").Scan(&there); err != nil || there {
		return err
	}
	return djangoschema.Apply(ctx, conn)
}

func (s *Sandbox) makeUsers(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, userNames)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, n := range names {
		there[n] = true
	}
	for _, r := range Roles() {
		if there[string(r)] {
			continue
		}
		if err := djangoschema.AddUser(ctx, conn, r.user()); err != nil {
			return err
		}
	}
	return nil
}

// makeNodeTables makes the nodes' own schema: they refuse to start without it.
func (s *Sandbox) makeNodeTables(ctx context.Context, _ *pgx.Conn) error {
	pool, err := pgxpool.New(ctx, s.logins.ownerURL(s.postgres))
	if err != nil {
		return err
	}
	defer pool.Close()
	return node.Migrate(ctx, pool)
}

func (s *Sandbox) makeHistory(ctx context.Context, conn *pgx.Conn) error {
	var done bool
	if err := conn.QueryRow(ctx, everHadJobs).Scan(&done); err != nil || done {
		return err
	}
	s.progress(Progress{Step: StepHistory, Total: int64(s.config.HistoryRuns)})
	err := history.Load(ctx, conn, history.Config{
		Runs: s.config.HistoryRuns, Now: s.config.Now(), Seed: seed, KeepsLogs: true,
		Progress: func(done, total int64) { s.progress(Progress{Step: StepHistory, Done: done, Total: total}) },
	})
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "analyze") // the first screen must not wait for the autovacuum to do it
	return err
}

func newPassword() string { return strings.ToLower(rand.Text()) }
