package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

type operatorRow struct {
	Login    string `db:"login"`
	Database string `db:"database"`
	ReadOnly bool   `db:"read_only"`
}

// Operator gives the login of the connection.
func (s *Store) Operator(ctx context.Context) (console.Operator, error) {
	var operator console.Operator
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := collect[operatorRow](ctx, conn, sql.operator, nil)
		for _, r := range rows {
			operator = console.Operator{Login: r.Login, Database: r.Database, ReadOnly: r.ReadOnly}
		}
		return err
	})
	return operator, err
}
