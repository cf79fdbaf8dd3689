package servertest

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/gate"
)

// Logins are the URLs of three operators of one database, each with the right of its name. Their Django users are called
// viewer, operator and admin.
type Logins struct {
	Viewer, Operator, Admin string
}

const operatorPassword = "an-operator's-password"

// Gate installs the gate on a database that Database has made, as a superuser, with three operators.
func Gate(t testing.TB, databaseURL string) Logins {
	t.Helper()
	return GateOn(t, Superuser(t, databaseURL), func(login, password string) string { return As(t, databaseURL, login, password) })
}

// GateOn is Gate for a database of any server; as gives its URL for a login.
func GateOn(t testing.TB, superuserURL string, as func(login, password string) string) Logins {
	t.Helper()
	conn := Connect(t, superuserURL)
	if _, err := gate.Install(t.Context(), conn, gate.Options{}); err != nil {
		t.Fatalf("install the gate: %v", err)
	}
	return Logins{
		Viewer:   addOperator(t, conn, as, "viewer", gate.View, nil),
		Operator: addOperator(t, conn, as, "operator", gate.Operator, []string{djangoschema.OperatorGroup}),
		Admin:    addOperator(t, conn, as, "admin", gate.Admin, []string{djangoschema.AdminGroup}),
	}
}

func addOperator(t testing.TB, conn *pgx.Conn, as func(login, password string) string, name, right string, groups []string) string {
	t.Helper()
	err := djangoschema.AddUser(t.Context(), conn, djangoschema.User{Username: name, Active: true, Groups: groups})
	if err != nil {
		t.Fatal(err)
	}
	if groups == nil { // the Django application has no group that only looks
		const give = `insert into auth_user_user_permissions (user_id, permission_id)
			select u.id, p.id from auth_user u, auth_permission p where u.username = $1 and p.codename = $2`
		if _, err := conn.Exec(t.Context(), give, name, right); err != nil {
			t.Fatal(err)
		}
	}
	login := conn.Config().Database + "_" + name
	err = gate.AddOperator(t.Context(), conn, gate.NewOperator{Login: login, Username: name, Right: right, Password: operatorPassword})
	if err != nil {
		t.Fatalf("add the operator %s: %v", login, err)
	}
	return as(login, operatorPassword)
}

// As is the URL of the same database for another login.
func As(t testing.TB, databaseURL, login, password string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	servers.Lock()
	defer servers.Unlock()
	return servers.postgres.server.URLFor(login, password, filepath.Base(u.Path))
}

// Connect opens a connection that closes when the test ends.
func Connect(t testing.TB, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}
