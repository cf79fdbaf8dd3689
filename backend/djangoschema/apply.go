// Package djangoschema makes the tables of the Django scheduler, as its migrations make them: for the sandbox, and for
// tests that must meet the schema of the field. It is never applied to a database that somebody else made.
package djangoschema

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"
)

var (
	//go:embed schema.sql
	schema string
	//go:embed rows.sql
	rows string
)

// LastMigration is the scheduler app's newest migration in this schema.
const LastMigration = "0007_jobrun_resource_usage"

// The groups that the Django scheduler reads its roles from.
const (
	OperatorGroup  = "schedule_ops_app_operator"
	AdminGroup     = "schedule_ops_ops_admin"
	SuperuserGroup = "schedule_ops_superuser"
)

// Apply makes the tables and their first rows in the database's default schema, all or nothing. The tables belong to
// the login of conn. A database that has them already is an error.
func Apply(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, schema); err != nil {
			return fmt.Errorf("make the Django schema: %w", err)
		}
		if _, err := tx.Exec(ctx, rows); err != nil {
			return fmt.Errorf("fill the Django schema: %w", err)
		}
		return nil
	})
}
