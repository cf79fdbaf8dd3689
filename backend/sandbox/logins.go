package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/localserver"
)

const (
	ownerLogin  = "scheduler"      // the nodes', and Django's if somebody attaches one
	viewerLogin = "opsdeck_viewer" // the console's: it can read and nothing else
)

// logins are the passwords of one run of the sandbox: every start makes new ones, so that none is kept.
type logins struct {
	owner, viewer string
	lastEpoch     int64
}

func (l logins) ownerURL(p *localserver.Postgres) string {
	return p.URLFor(ownerLogin, l.owner, database)
}

func (l logins) viewerURL(p *localserver.Postgres) string {
	return p.URLFor(viewerLogin, l.viewer, database)
}

func (l logins) viewerRedisURL(r *localserver.Redis) string {
	u, err := url.Parse(r.URL(0))
	if err != nil {
		return "" // it was made by url.URL
	}
	u.User = url.UserPassword(viewerLogin, l.viewer)
	return u.String()
}

//go:embed missing_logins.sql
var missingLogins string

// make makes the logins and the database where they are missing, and sets the passwords.
func (l logins) make(ctx context.Context, adminURL string) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, missingLogins); err != nil {
		return err
	}
	for login, password := range map[string]string{ownerLogin: l.owner, viewerLogin: l.viewer} {
		// Utility statements take no parameters; both texts are ours.
		if _, err := conn.Exec(ctx, fmt.Sprintf("alter role %s password '%s'", login, password)); err != nil {
			return err
		}
	}
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", database).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("create database %s owner %s", database, ownerLogin))
	return err
}
