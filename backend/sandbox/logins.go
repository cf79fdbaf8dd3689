package sandbox

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/localserver"
)

const ownerLogin = "scheduler" // the nodes', and Django's if somebody attaches one

// logins are the passwords of one run of the sandbox: every start makes new ones, so that none is kept.
type logins struct {
	owner     string
	operators map[Role]string
	lastEpoch int64
}

func newLogins() logins {
	l := logins{owner: newPassword(), operators: map[Role]string{}}
	for _, r := range Roles() {
		l.operators[r] = newPassword()
	}
	return l
}

func (l logins) ownerURL(p *localserver.Postgres) string {
	return p.URLFor(ownerLogin, l.owner, database)
}

func (l logins) operatorURL(p *localserver.Postgres, as Role) string {
	return p.URLFor(as.login(), l.operators[as], database)
}

func (l logins) operatorRedisURL(r *localserver.Redis, as Role) string {
	u, err := url.Parse(r.URL(0))
	if err != nil {
		return "" // it was made by url.URL
	}
	u.User = url.UserPassword(as.login(), l.operators[as])
	return u.String()
}

var (
	//go:embed missing_logins.sql
	missingLogins string
	//go:embed give_view.sql
	giveView string
	//go:embed retire.sql
	retire string
)

// make makes the schedulers' login and the database where they are missing, and sets the password.
func (l logins) make(ctx context.Context, adminURL string) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, missingLogins); err != nil {
		return err
	}
	// Utility statements take no parameters; both texts are ours.
	if _, err := conn.Exec(ctx, fmt.Sprintf("alter role %s password '%s'", ownerLogin, l.owner)); err != nil {
		return err
	}
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", database).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, fmt.Sprintf("create database %s owner %s", database, ownerLogin))
	return err
}

// makeOperators installs the gate, hardened, with one operator a role.
func (l logins) makeOperators(ctx context.Context, adminURL string) error {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, retire); err != nil {
		return err
	}
	if _, err := gate.Install(ctx, conn, gate.Options{SchedulerLogin: ownerLogin}); err != nil {
		return err
	}
	if _, _, err := gate.Harden(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, giveView, string(Viewer)); err != nil {
		return err
	}
	for _, r := range Roles() {
		err := gate.AddOperator(ctx, conn, gate.NewOperator{Login: r.login(), Username: string(r), Right: r.right(), Password: l.operators[r]})
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRedisUsers makes a Redis user a role. Redis forgets them when it ends.
func (l logins) makeRedisUsers(ctx context.Context, redisURL string) error {
	options, err := redis.ParseURL(redisURL)
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	defer client.Close()
	for _, r := range Roles() {
		command := []any{"ACL", "SETUSER", r.login()}
		for _, rule := range gate.RedisRules(r.right()) {
			command = append(command, rule)
		}
		if err := client.Do(ctx, append(command, ">"+l.operators[r])...).Err(); err != nil {
			return fmt.Errorf("make the Redis user of %s: %w", r, err)
		}
	}
	return nil
}
