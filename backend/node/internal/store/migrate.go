package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	makeSchema = `create schema if not exists opsdeck_node`
	makeTable  = `create table if not exists opsdeck_node.migration (
	version int primary key, applied_at timestamptz not null default now())`
	lockTable   = `lock table opsdeck_node.migration in exclusive mode`
	readVersion = `select coalesce(max(version), 0) from opsdeck_node.migration`
	noteVersion = `insert into opsdeck_node.migration (version) values ($1)`
)

// Migrate brings the schema opsdeck_node to this program's version, with the login that the nodes use. It may be
// repeated and may run from several places at once.
func Migrate(ctx context.Context, db *pgxpool.Pool) error {
	if err := prepare(ctx, db); err != nil {
		return fmt.Errorf("prepare schema opsdeck_node: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted, numbered from 0001 without a gap
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockTable); err != nil {
			return err
		}
		var version int
		if err := tx.QueryRow(ctx, readVersion).Scan(&version); err != nil {
			return err
		}
		for i := version; i < len(files); i++ {
			text, err := migrations.ReadFile(files[i])
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", files[i], err)
			}
			if _, err := tx.Exec(ctx, noteVersion, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// prepare makes what the lock needs. Two at once collide in the catalogue whatever IF NOT EXISTS says: the one who
// loses finds everything made when it looks again.
func prepare(ctx context.Context, db *pgxpool.Pool) error {
	var err error
	for range 3 {
		_, err = db.Exec(ctx, makeSchema)
		if err == nil {
			_, err = db.Exec(ctx, makeTable)
		}
		collision, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || !slices.Contains([]string{"23505", "42710", "42P06", "42P07"}, collision.Code) { // each: exists already
			return err
		}
	}
	return err
}

// CheckVersion refuses to work on a schema that is missing or is not this program's.
func (s *Store) CheckVersion(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	err = s.pool.QueryRow(ctx, readVersion).Scan(&version)
	if missing, ok := errors.AsType[*pgconn.PgError](err); ok && missing.Code == "42P01" {
		err = nil // undefined_table: version 0
	}
	switch {
	case err != nil:
		return err
	case version < len(files):
		return scheduler.Errorf(scheduler.Invalid, "node.not_migrated",
			"the schema opsdeck_node is at version %d, this program needs %d: run opsctl node migrate", version, len(files))
	case version > len(files):
		return scheduler.Errorf(scheduler.Invalid, "node.newer_schema",
			"the schema opsdeck_node is at version %d, this program knows %d: update it", version, len(files))
	}
	return nil
}
