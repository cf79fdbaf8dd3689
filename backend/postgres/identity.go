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

type whoamiRow struct {
	Login    string `db:"login"`
	Database string `db:"database"`
	Username string `db:"username"`
	Mapped   bool   `db:"mapped"`
	Active   bool   `db:"active"`
	View     bool   `db:"ops_view"`
	Operate  bool   `db:"ops_operator"`
	Admin    bool   `db:"ops_admin"`
}

// Operator gives the login of the connection, and what the gate lets it do where there is one. It is asked anew each time:
// rights may be withdrawn at any moment.
func (s *Store) Operator(ctx context.Context) (console.Operator, error) {
	var operator console.Operator
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		if s.hasGate {
			rows, err := collect[whoamiRow](ctx, conn, gateCalls["whoami"], nil)
			for _, r := range rows {
				operator = console.Operator{
					Login: r.Login, Database: r.Database, ReadOnly: !r.Operate, Gate: true, Username: r.Username, Inactive: r.Mapped && !r.Active,
					Rights: console.Rights{View: r.View, Operate: r.Operate, Admin: r.Admin},
				}
			}
			return err
		}
		rows, err := collect[operatorRow](ctx, conn, sql.operator, nil)
		for _, r := range rows {
			operator = console.Operator{Login: r.Login, Database: r.Database, ReadOnly: r.ReadOnly}
		}
		return err
	})
	return operator, err
}
